import { parseDuration } from "@mrdata/functions";
import { Command, InvalidArgumentError, Option } from "commander";
import { backtestCommand } from "./commands/backtest.ts";
import { demo } from "./commands/demo.ts";
import { explain } from "./commands/explain.ts";
import { replay } from "./commands/replay.ts";
import { serve } from "./commands/serve.ts";
import { train } from "./commands/train.ts";
import { eventNames, trigger } from "./commands/trigger.ts";
import type { Terminal } from "./terminal.ts";

const portOption = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("a port is a number from 0 to 65535; 0 takes a free one");
  return port;
};
const durationOption = (text: string): number => {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : "not a duration");
  }
};

const shareOption = (text: string): number => {
  const share = Number(text);
  if (text.trim() === "" || !(share >= 0 && share <= 1))
    throw new InvalidArgumentError("a share is a number from 0 to 1");
  return share;
};
const zoneOption = (text: string): string => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError("a time zone is written like UTC or Europe/Berlin");
  }
};
const seedOption = (text: string): number => {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError("a seed is a whole number");
  return seed;
};

const refitsOption = (text: string): number => {
  const refits = Number(text);
  if (!Number.isInteger(refits) || refits < 1 || refits > 1_000)
    throw new InvalidArgumentError("refits are a whole number from 1 to 1000");
  return refits;
};

/** The `mrdata` command line. Commander throws instead of ending the process, so that the exit codes are ours. */
export function createProgram(terminal: Terminal, env: NodeJS.ProcessEnv): Command {
  const program = new Command("mrdata")
    .description(
      "Mr Data stands first on the PagerDuty rota and lets people sleep through what resolves itself.",
    )
    .version("0.1.0")
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(see --help)")
    .addHelpText(
      "after",
      "\nExit codes: 0 ok, 1 failed, 2 usage, 3 not configured, 4 unhealthy.\nTargets: local:DIR (MRDATA_TARGET; default local:.mrdata) or gcp:PROJECT/DATABASE.",
    );
  const onTarget = (command: Command): Command =>
    command
      .option("--target <target>", "local:DIR or gcp:PROJECT/DATABASE (or MRDATA_TARGET)")
      .option("--home <dir>", "short for --target local:DIR")
      .option("--json", "for machines: one JSON line each on standard output", false);

  program
    .command("demo")
    .description("a night of a made-up organisation against the local stack, over signed webhooks")
    .option(
      "--serve",
      "stay up instead, and print the webhook URL, the signing secret and a curl line",
      false,
    )
    .option("--home <dir>", "where its data goes (default: a temporary folder; with --serve .mrdata)")
    .option("--port <port>", "with --serve: port on 127.0.0.1", portOption, 8080)
    .option("--seed <n>", "another night", seedOption, 1)
    .option("--json", "the table as one JSON line", false)
    .action((options) => demo(options, terminal, env));
  onTarget(program.command("serve"))
    .description("run the local stack until Ctrl-C")
    .option("--port <port>", "port on 127.0.0.1; 0 takes a free one", portOption, 8080)
    .option("-v, --verbose", "log every event to standard error", false)
    .addHelpText(
      "after",
      "\nMRDATA_WEBHOOK_SECRET sets the signing secret; without it one is made and kept in the home.\n\nExample: mrdata serve --port 0 --home /tmp/mrdata --json",
    )
    .action((options) => serve(options, terminal, env));
  onTarget(program.command("trigger <event>"))
    .description("make a webhook, sign it and send it")
    .option("--incident <id>", "PagerDuty id of the incident (default: a new one)")
    .option("--service <id>", "PagerDuty id of the service", "PSERVICE")
    .option("--title <text>", "title of the incident", "Disk 91% full on db-3")
    .addOption(
      new Option("--actor <who>", "who did it")
        .choices(["human", "integration", "automation"])
        .default("integration"),
    )
    .option("--note <text>", "text of the note, for incident.annotated")
    .option("--url <url>", "webhook URL (default: the server that runs in the home)")
    .addHelpText(
      "after",
      `\nEvents: ${eventNames.join(", ")}\n\nExample: mrdata trigger incident.triggered --service PDB --title "Disk full on db-3"`,
    )
    .action((event, options) => trigger(event, options, terminal, env));
  onTarget(program.command("replay <file...>"))
    .description(
      "send saved webhook payloads through the whole of it; a file holds one, a JSON list, or one a line",
    )
    .option("--url <url>", "webhook URL (default: the server that runs in the home, else one for the while)")
    .option(
      "--wait <duration>",
      "how long to wait for another process to record them",
      durationOption,
      10_000,
    )
    .addHelpText(
      "after",
      "\nEnds with 1 if any payload was refused.\n\nExample: mrdata replay payload.json --json",
    )
    .action((files, options) => replay(files, options, terminal, env));
  onTarget(program.command("explain <incident...>"))
    .description("what was predicted, decided and done, what it was made of, and how it ended")
    .addHelpText("after", "\nExample: mrdata explain Q1A2B3C4D5E6F7 --json")
    .action((incidents, options) => explain(incidents, options, terminal, env));
  onTarget(program.command("backtest [file]"))
    .description(
      "what the bot would have done with your own past: rolling origin, nothing known before its time",
    )
    .option("--window <duration>", "the hold window: 90s, 30m, 1h", durationOption, 5 * 60_000)
    .option("--refits <n>", "blocks of the scored part, each with a model of its own", refitsOption, 12)
    .option("--rows <file>", "write every scored incident: id, created_at, probability, hold, label")
    .option("--html <file>", "write a page with charts that needs nothing else")
    .option("--time-zone <zone>", "in which night and day are told", zoneOption, "UTC")
    .option(
      "--miss-budget <share>",
      "the most of the incidents that did not resolve themselves which the threshold may hold",
      shareOption,
      1,
    )
    .option("--seed <n>", "another draw of the trees", seedOption, 1)
    .option("--strict", "stop at the first row that cannot be read", false)
    .addHelpText(
      "after",
      "\nWithout a file the target's ledger is the history. What a file may be: mrdata import --help.\n\nExample: mrdata backtest incidents.ndjson.gz --window 30m --rows scored.ndjson --html backtest.html",
    )
    .action((file, options) => backtestCommand(file, options, terminal, env));
  onTarget(program.command("train [file]"))
    .description("a model version from a history: learner, calibration and threshold chosen on its past")
    .option("--window <duration>", "the hold window: 90s, 5m, 15m", durationOption, 5 * 60_000)
    .option("--refits <n>", "blocks of the backtest that chooses", refitsOption, 12)
    .option(
      "--miss-budget <share>",
      "the most of the incidents that did not resolve themselves which the threshold may hold",
      shareOption,
      0.05,
    )
    .option("--seed <n>", "another draw of the trees", seedOption, 1)
    .option("--out <dir>", "write the version's folder there instead of publishing it")
    .option("--promote", "make it champion at once", false)
    .option("--strict", "stop at the first row that cannot be read", false)
    .addHelpText(
      "after",
      "\nWithout a file the target's ledger is the history. What a file may be: mrdata import --help.\n\nExample: mrdata train incidents.ndjson.gz --window 5m --promote",
    )
    .action((file, options) => train(file, options, terminal, env));
  return program;
}
