import { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { bundledTree } from "./completion/bundled-tree.ts";
import type { Declare } from "./declare.ts";
import type { Terminal } from "./terminal.ts";
import { wrapped } from "./wrapped.ts";

/**
 * Every command by name, in the order of `--help`. Commands are loaded lazily, so that none waits for the dependencies of another.
 */
export const commands: Readonly<Record<string, () => Promise<Declare>>> = {
  demo: async () => (await import("./commands/demo.ts")).declareDemo,
  serve: async () => (await import("./commands/serve.ts")).declareServe,
  trigger: async () => (await import("./commands/trigger.ts")).declareTrigger,
  replay: async () => (await import("./commands/replay.ts")).declareReplay,
  explain: async () => (await import("./commands/explain.ts")).declareExplain,
  names: async () => (await import("./commands/names.ts")).declareNames,
  import: async () => (await import("./commands/import.ts")).declareImport,
  backtest: async () => (await import("./commands/backtest.ts")).declareBacktest,
  train: async () => (await import("./commands/train.ts")).declareTrain,
  tune: async () => (await import("./commands/tune.ts")).declareTune,
  jobs: async () => (await import("./commands/jobs.ts")).declareJobs,
  models: async () => (await import("./commands/models.ts")).declareModels,
  mode: async () => (await import("./commands/mode.ts")).declareMode,
  doctor: async () => (await import("./commands/doctor.ts")).declareDoctor,
  arm: async () => (await import("./commands/arm.ts")).declareArm,
  drill: async () => (await import("./commands/drill.ts")).declareDrill,
  "dead-letters": async () => (await import("./commands/dead-letters.ts")).declareDeadLetters,
  ledger: async () => (await import("./commands/ledger.ts")).declareLedger,
  cost: async () => (await import("./commands/cost.ts")).declareCost,
  disarm: async () => (await import("./commands/disarm.ts")).declareDisarm,
  status: async () => (await import("./commands/status.ts")).declareStatus,
  settings: async () => (await import("./commands/settings.ts")).declareSettings,
  decisions: async () => (await import("./commands/decisions.ts")).declareDecisions,
  report: async () => (await import("./commands/report.ts")).declareReport,
  digest: async () => (await import("./commands/digest.ts")).declareDigest,
  mcp: async () => (await import("./commands/mcp.ts")).declareMcp,
  vetoes: async () => (await import("./commands/vetoes.ts")).declareVetoes,
  completion: async () => (await import("./commands/completion.ts")).declareCompletion,
};

/** Splits Commander's multi-line output into lines for the terminal. */
const eachLine = (text: string, write: (line: string) => void, columns: number | undefined): void => {
  for (const line of text.trimEnd().split("\n")) for (const part of wrapped(line, columns)) write(part);
};

/** Makes help as wide as other output: Commander would use the stream's width, but COLUMNS takes precedence. */
const helpWidth = ({ columns }: Terminal) =>
  columns === undefined ? {} : { getOutHelpWidth: () => columns, getErrHelpWidth: () => columns };

/**
 * The `mrdata` command line with all its commands, or only the one named by `only`. Commander throws instead of exiting, so that the exit
 * codes are ours.
 */
export async function createProgram(
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
  only: string | null = null,
): Promise<Command> {
  const program = new Command("mrdata")
    .description(
      "Mr Data stands first on the PagerDuty rota and lets people sleep through what resolves itself.",
    )
    .version(manifest.version)
    .configureOutput({
      writeOut: (text) => eachLine(text, terminal.out, terminal.columns),
      writeErr: (text) => eachLine(text, terminal.say, terminal.columns),
      ...helpWidth(terminal),
    })
    .configureHelp({ minWidthToWrap: 20 })
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(see --help)")
    .addHelpText(
      "after",
      "\nExit codes: 0 ok, 1 failed, 2 usage, 3 not configured, 4 unhealthy.\nTargets: local:DIR (MRDATA_TARGET; default local:.mrdata) or gcp:PROJECT/DATABASE.",
    );
  if (only === LISTED && bundledTree !== null) {
    for (const { term, description } of bundledTree.commands) program.command(term).description(description);
    return program;
  }
  const wanted = Object.entries(commands).filter(([name]) => only === null || name === only);
  const declares = await Promise.all(wanted.map(([, load]) => load()));
  for (const declare of declares) declare(program, { terminal, env });
  return program;
}

/** The one command that a command line needs; null if it needs all: help, a misspelt name, completion. */
export function commandIn([name]: readonly string[]): string | null {
  if (name === "--version" || name === "-V") return name;
  if (bundledTree !== null && (name === "--help" || name === "-h")) return LISTED;
  if (bundledTree === null && name === "completion") return null;
  return name !== undefined && Object.hasOwn(commands, name) ? name : null;
}

/** Stands for a listing of all commands by name and description, none of which is run. */
const LISTED = "--help";
