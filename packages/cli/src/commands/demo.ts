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
import { remember } from "../demo/remember.ts";
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
  /** Days of the past that the bot is given. */
  readonly days: number;
  readonly json: boolean;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The simulated night ends on a Monday morning; the history are the days before it. */
const MORNING = Date.parse("2026-03-02T08:00:00Z");
const NIGHT = 10 * HOUR;
const WINDOW = 5 * MINUTE;

/**
 * `npm start`: sixty days, if not told otherwise, of a made-up organisation, a model of them, then a night of it, armed,
 * over signed HTTP; and what it was worth.
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
    const { month, rows } = await nightInWays(home, options, terminal, env);
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
          `Ledger and model stay in ${home}: mrdata decisions --home ${home} --since 5000d, mrdata explain --home ${home} <incident>`,
        ),
      );
  } finally {
    if (options.home === undefined) rmSync(home, { recursive: true, force: true });
  }
}

async function nightInWays(
  home: string,
  { seed, days }: Pick<DemoOptions, "seed" | "days">,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly month: EqualHarm | null; readonly rows: readonly NightFigures[] }> {
  const to = MORNING;
  const from = to - NIGHT;
  const begin = from - days * DAY;
  const organisation = (timeoutMinutes: number | null) =>
    createOrganisation({ seed, from: begin, to, bot: timeoutMinutes === null ? null : { timeoutMinutes } });
  const night = (timeoutMinutes: number | null): NightOptions => ({
    organisation: organisation(timeoutMinutes),
    seed,
    from,
    to,
    window: WINDOW,
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
  await remember(home, history, WINDOW, (done) =>
    terminal.progress(`remembering: ${done} of ${history.length} events${pace(done, history.length)}`),
  );
  took();
  step("A model of them, as 'mrdata train --promote' makes it");
  const lastMonth = await learn(home, { history, window: WINDOW, seed, now: from }, terminal, env);
  const month = atEqualHarm(lastMonth, seed);
  took();

  step("One night, 22:00 to 8:00, over signed HTTP, with every service armed");
  const armed = night(WINDOW / MINUTE);
  const { played, held } = await playArmedNight(home, armed, terminal, env);
  took();
  step("The same night with the alert type's own rate in the model's place");
  const ownRate = await nightOfOwnRate(home, armed, history, terminal, env);
  took();
  step("The same night without the bot");
  const always = await playNight(night(null));
  const delayed = await playNight(armed);
  const longer = await playNight({ ...night(2 * (WINDOW / MINUTE)), window: 2 * WINDOW });
  took();
  const rows = [
    figuresOf("Mr Data", played, (incident) => held.has(incident)),
    figuresOf("alert type's own rate", ownRate.played, (incident) => ownRate.held.has(incident)),
    figuresOf("page always", always, () => false),
    figuresOf(`fixed delay of ${WINDOW / MINUTE} minutes`, delayed, () => true),
    figuresOf(`fixed delay of ${(2 * WINDOW) / MINUTE} minutes`, longer, () => true),
  ];
  return { month, rows };
}

/**
 * The night of a bot that remembers the same days and has no champion: it goes by the alert type's own rate, by the
 * certificate that the trained version in `trainedIn` has for it.
 */
async function nightOfOwnRate(
  trainedIn: string,
  armed: NightOptions,
  history: readonly IncidentEvent[],
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): ReturnType<typeof playArmedNight> {
  const home = mkdtempSync(join(tmpdir(), "mrdata-own-rate-"));
  try {
    await remember(home, history, armed.window, () => {});
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
