import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalStack } from "@mrdata/functions";
import { type Log, systemClock } from "@mrdata/platform";
import { localFiles } from "@mrdata/runtime";
import { ACCOUNT_TOKEN, createOrganisation, historyOf, syntheticNotice } from "@mrdata/simulator";
import { learn } from "../demo/learn.ts";
import { seedLedger } from "../demo/seed-ledger.ts";
import { CommandError } from "../exit-codes.ts";
import { paceOf } from "../pace.ts";
import { noteRunning } from "../running.ts";
import { untilStopped } from "../signals.ts";
import type { Terminal } from "../terminal.ts";
import { freePort } from "./free-port.ts";
import { narrateNotifications } from "./narrate-notifications.ts";
import { candidateOf, PREPARED_POLICY, withPreparedPolicy } from "./rehearsed-account.ts";
import { startAccount } from "./start-account.ts";
import { stepsOf } from "./steps.ts";

export type RehearsalOptions = {
  readonly home?: string | undefined;
  readonly port: number;
  readonly seed: number;
  readonly json: boolean;
};

const DAY_MS = 86_400_000;
/** Days of history that the bot starts with, and days that the simulation continues. */
const PAST_DAYS = 60;
const FUTURE_DAYS = 30;
const WINDOW_MS = 5 * 60_000;

/**
 * Runs the local stack against a simulated PagerDuty on loopback, in real time, until it is stopped: every command of docs/operations.md
 * can be tried on it from another shell, without an account. Starts in an empty home.
 */
export async function rehearse(
  options: RehearsalOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
  log: Log,
): Promise<void> {
  if (options.home !== undefined && existsSync(localFiles(options.home).ledger))
    throw new CommandError(
      `there is a ledger in ${options.home} already, and what is made up is not to be mixed with it: name an empty folder`,
    );
  const stopped = untilStopped();
  const home = options.home ?? mkdtempSync(join(tmpdir(), "mrdata-rehearsal-"));
  try {
    await rehearseIn(home, options, terminal, env, log, stopped);
  } finally {
    if (options.home === undefined) rmSync(home, { recursive: true, force: true });
  }
}

async function rehearseIn(
  home: string,
  { port, seed, json }: RehearsalOptions,
  terminal: Terminal,
  caller: NodeJS.ProcessEnv,
  log: Log,
  stopped: Promise<void>,
): Promise<void> {
  // Keep the simulation and any real account or bot strictly apart.
  const env = Object.fromEntries(Object.entries(caller).filter(([name]) => !name.startsWith("MRDATA_")));
  const now = Date.now();
  const begin = now - PAST_DAYS * DAY_MS;
  const to = now + FUTURE_DAYS * DAY_MS;
  const organisation = createOrganisation({ seed, from: begin, to, bot: null });
  terminal.say(`${PAST_DAYS} days of a made-up organisation, for the bot to learn from ...`);
  const history = await historyOf(organisation, { seed, from: begin, to: now });
  const pace = paceOf(Date.now);
  await seedLedger(home, history, WINDOW_MS, (done) =>
    terminal.progress(`remembering: ${done} of ${history.length} events${pace(done, history.length)}`),
  );
  const quiet: Terminal = json ? { ...terminal, out: terminal.say } : terminal;
  await learn(home, { history, windowMs: WINDOW_MS, seed, now }, quiet, env);

  const candidate = candidateOf(organisation.account, history, WINDOW_MS, now);
  const free = port === 0 ? await freePort() : port;
  const webhookUrl = `http://127.0.0.1:${free}/receive`;
  const secret = randomBytes(32).toString("base64url");
  const account = await startAccount({
    organisation,
    account: withPreparedPolicy(organisation, candidate, WINDOW_MS),
    seed,
    webhookUrl,
    secret,
    now: Date.now(),
    to,
  });
  try {
    // The commands in another shell read it here, as they read the key of a real account.
    writeFileSync(join(home, "pagerduty-token"), `${ACCOUNT_TOKEN}\n`, { mode: 0o600 });
    const stack = await startLocalStack({
      home,
      port: free,
      clock: systemClock,
      log,
      env: {
        ...env,
        MRDATA_WINDOW: `${WINDOW_MS / 1000}s`,
        MRDATA_WEBHOOK_SECRET: secret,
        MRDATA_WEBHOOK_URL: webhookUrl,
        MRDATA_PAGERDUTY_URL: account.url,
        MRDATA_BOT_USER: organisation.bot.id,
        MRDATA_FROM: organisation.bot.email,
        MRDATA_FALLBACK_POLICY: organisation.fallbackPolicy,
      },
    });
    const forget = noteRunning(home, stack.webhookUrl);
    const silence = json
      ? () => {}
      : narrateNotifications(account.pagerduty, organisation.account, terminal, account.url);
    try {
      if (json)
        terminal.out(
          JSON.stringify({
            webhookUrl,
            secret,
            home,
            simulated: true,
            pagerdutyUrl: account.url,
            token: ACCOUNT_TOKEN,
            service: candidate.service,
            serviceName: candidate.name,
            policy: PREPARED_POLICY,
            reportUrl: stack.reportUrl,
          }),
        );
      else {
        terminal.say(terminal.dim(syntheticNotice));
        terminal.say(`The report of it: ${terminal.bold(stack.reportUrl)} (for this machine alone)`);
        for (const line of stepsOf({ home, url: account.url, candidate, terminal })) terminal.say(line);
      }
      await Promise.race([stopped, account.ended]);
    } finally {
      silence();
      forget();
      await stack.close();
    }
  } finally {
    await account.stop();
  }
}
