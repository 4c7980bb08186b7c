import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IncidentEvent } from "@mrdata/incident";
import { atEqualHarm, type EqualHarm } from "@mrdata/learning";
import { monthPage } from "@mrdata/report";
import { localFiles } from "@mrdata/runtime";
import { createOrganisation, historyOf, syntheticNotice } from "@mrdata/simulator";
import type { Declare } from "../declare.ts";
import { figuresOf, type NightFigures, tableOf } from "../demo/compare.ts";
import { learn } from "../demo/learn.ts";
import { monthTable } from "../demo/month.ts";
import { playArmedNight } from "../demo/play-armed-night.ts";
import { type NightOptions, playNight } from "../demo/play-night.ts";
import { seedLedger } from "../demo/seed-ledger.ts";
import { CommandError } from "../exit-codes.ts";
import { daysOption, portOption, seedOption } from "../option-types.ts";
import { paceOf } from "../pace.ts";
import type { Terminal } from "../terminal.ts";
import { serve } from "./serve.ts";

export type DemoOptions = {
  readonly serve: boolean;
  readonly home?: string | undefined;
  readonly port: number;
  readonly seed: number;
  /** Days of simulated history to train on. */
  readonly days: number;
  readonly json: boolean;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The simulated night ends on this Monday morning; the history covers the days before it. */
const MORNING = Date.parse("2026-03-02T08:00:00Z");
const NIGHT_MS = 10 * HOUR_MS;
const WINDOW_MS = 5 * MINUTE_MS;

/**
 * `npm start`: simulates an organisation's history (sixty days by default), trains a model on it, plays one night with every service
 * armed over signed HTTP, and compares the result with other ways of paging.
 */
export async function demo(options: DemoOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> {
  if (options.serve) {
    return serve(
      { home: options.home ?? ".mrdata", port: options.port, json: options.json, verbose: false },
      terminal,
      env,
    );
  }
  if (options.home !== undefined && existsSync(localFiles(options.home).ledger))
    throw new CommandError(
      `there is a ledger in ${options.home} already, and the night is for a new bot: name an empty folder`,
    );
  const home = options.home ?? mkdtempSync(join(tmpdir(), "mrdata-demo-"));
  try {
    const { month, rows } = await compareNights(home, options, terminal, env);
    if (options.json) {
      terminal.out(JSON.stringify({ synthetic: true, seed: options.seed, month, nights: rows }));
      return;
    }
    terminal.say("");
    for (const line of tableOf(rows)) terminal.out(line);
    terminal.out("Each incident is held or paged at once; what is held resolves itself or is paged later.");
    if (month !== null) {
      terminal.out("");
      for (const line of monthTable(month, terminal)) terminal.out(line);
      const file = join(options.home ?? tmpdir(), `mrdata-month-${options.seed}.html`);
      writeFileSync(file, monthPage(month, syntheticNotice));
      terminal.say(`The same as a picture: ${file}`);
    }
    terminal.say("");
    terminal.say(terminal.dim(syntheticNotice));
    if (options.home !== undefined)
      terminal.say(
        terminal.dim(
          `Ledger and model stay in ${home}: mrdata decisions --home ${home} --since 5000d, mrdata explain --home ${home} <incident>, and the night as a page: mrdata report --home ${home} --at ${new Date(MORNING).toISOString().slice(0, 16)}Z --html night.html`,
        ),
      );
  } finally {
    if (options.home === undefined) rmSync(home, { recursive: true, force: true });
  }
}

async function compareNights(
  home: string,
  { seed, days }: Pick<DemoOptions, "seed" | "days">,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly month: EqualHarm | null; readonly rows: readonly NightFigures[] }> {
  const to = MORNING;
  const from = to - NIGHT_MS;
  const begin = from - days * DAY_MS;
  const organisation = (timeoutMinutes: number | null) =>
    createOrganisation({ seed, from: begin, to, bot: timeoutMinutes === null ? null : { timeoutMinutes } });
  const night = (timeoutMinutes: number | null): NightOptions => ({
    organisation: organisation(timeoutMinutes),
    seed,
    from,
    to,
    windowMs: WINDOW_MS,
    secret: "signing-secret-of-the-simulated-night",
  });
  let begun = performance.now();
  const took = () => {
    terminal.say(terminal.dim(`  ${((performance.now() - begun) / 1000).toFixed(1)} s`));
    begun = performance.now();
  };
  const step = (sentence: string) => terminal.say(terminal.bold(sentence));

  step(`${days} days of a simulated organisation, for the bot to learn from`);
  const history = await historyOf(organisation(null), { seed, from: begin, to: from });
  const pace = paceOf(Date.now);
  await seedLedger(home, history, WINDOW_MS, (done) =>
    terminal.progress(`remembering: ${done} of ${history.length} events${pace(done, history.length)}`),
  );
  took();
  step("A model of them, as 'mrdata train --promote' makes it");
  const lastMonth = await learn(home, { history, windowMs: WINDOW_MS, seed, now: from }, terminal, env);
  const month = atEqualHarm(lastMonth, seed);
  took();

  step("One night, 22:00 to 8:00, over signed HTTP, with every service armed");
  const armed = night(WINDOW_MS / MINUTE_MS);
  const { played, held } = await playArmedNight(home, armed, terminal, env);
  took();
  step("The same night with the alert type's own rate in the model's place");
  const historicalRate = await playHistoricalRateNight(home, armed, history, terminal, env);
  took();
  step("The same night without the bot");
  const always = await playNight(night(null));
  const delayed = await playNight(armed);
  const longer = await playNight({ ...night(2 * (WINDOW_MS / MINUTE_MS)), windowMs: 2 * WINDOW_MS });
  took();
  const rows = [
    figuresOf("Mr Data", played, (incident) => held.has(incident)),
    figuresOf("alert type's own rate", historicalRate.played, (incident) =>
      historicalRate.held.has(incident),
    ),
    figuresOf("page always", always, () => false),
    figuresOf(`fixed delay of ${WINDOW_MS / MINUTE_MS} minutes`, delayed, () => true),
    figuresOf(`fixed delay of ${(2 * WINDOW_MS) / MINUTE_MS} minutes`, longer, () => true),
  ];
  return { month, rows };
}

/**
 * Plays the same night with the same history but no champion: the bot falls back on the alert type's historical rate, under the
 * certificate for it in the version trained in `trainedIn`.
 */
async function playHistoricalRateNight(
  trainedIn: string,
  armed: NightOptions,
  history: readonly IncidentEvent[],
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): ReturnType<typeof playArmedNight> {
  const home = mkdtempSync(join(tmpdir(), "mrdata-own-rate-"));
  try {
    await seedLedger(home, history, armed.windowMs, () => {});
    const { models } = localFiles(trainedIn);
    if (existsSync(models)) cpSync(models, localFiles(home).models, { recursive: true });
    return await playArmedNight(home, armed, terminal, env);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

export const declareDemo: Declare = (program, { terminal, env }) => {
  program
    .command("demo")
    .description(
      "a night of a made-up organisation: a model is trained, every service armed, and webhooks come",
    )
    .option(
      "--serve",
      "stay up instead, and print the webhook URL, the signing secret and a curl line",
      false,
    )
    .option("--home <dir>", "where its data goes (default: a temporary folder; with --serve .mrdata)")
    .option("--port <port>", "with --serve: port on 127.0.0.1", portOption, 8080)
    .option("--seed <n>", "another night", seedOption, 1)
    .option("--days <n>", "days of the past that the bot is given", daysOption, 60)
    .option("--json", "the table as one JSON line", false)
    .addHelpText(
      "after",
      `
Lives through the days, trains a model on them as 'mrdata train --promote' does, plays one night with every service
armed over signed HTTP on 127.0.0.1, and sets it beside paging always and a fixed delay. The same seed gives the same
table. Half a minute on two cores.

held: kept from people at first. misses: held, and needed a human. Delay: of pages, behind the incident.

Examples:
  npm start
  npm start -- --seed 2 --json
  npm start -- --home /tmp/night, then: mrdata decisions --home /tmp/night --since 5000d`,
    )
    .action((options) => demo(options, terminal, env));
};
