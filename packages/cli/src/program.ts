import { Command } from "commander";
import { declareArm } from "./commands/arm.ts";
import { declareBacktest } from "./commands/backtest.ts";
import { declareDeadLetters } from "./commands/dead-letters.ts";
import { declareDecisions } from "./commands/decisions.ts";
import { declareDemo } from "./commands/demo.ts";
import { declareDigest } from "./commands/digest.ts";
import { declareDisarm } from "./commands/disarm.ts";
import { declareDoctor } from "./commands/doctor.ts";
import { declareDrill } from "./commands/drill.ts";
import { declareExplain } from "./commands/explain.ts";
import { declareImport } from "./commands/import.ts";
import { declareJobs } from "./commands/jobs.ts";
import { declareMcp } from "./commands/mcp.ts";
import { declareMode } from "./commands/mode.ts";
import { declareModels } from "./commands/models.ts";
import { declareNames } from "./commands/names.ts";
import { declareReplay } from "./commands/replay.ts";
import { declareReport } from "./commands/report.ts";
import { declareServe } from "./commands/serve.ts";
import { declareSettings } from "./commands/settings.ts";
import { declareStatus } from "./commands/status.ts";
import { declareTrain } from "./commands/train.ts";
import { declareTrigger } from "./commands/trigger.ts";
import type { Declare } from "./declare.ts";
import type { Terminal } from "./terminal.ts";

/** Every command, in the order in which `--help` lists them. */
const commands: readonly Declare[] = [
  declareDemo,
  declareServe,
  declareTrigger,
  declareReplay,
  declareExplain,
  declareNames,
  declareImport,
  declareBacktest,
  declareTrain,
  declareJobs,
  declareModels,
  declareMode,
  declareDoctor,
  declareArm,
  declareDrill,
  declareDeadLetters,
  declareDisarm,
  declareStatus,
  declareSettings,
  declareDecisions,
  declareReport,
  declareDigest,
  declareMcp,
];

/** What Commander writes has several lines, and a terminal takes them one by one. */
const eachLine = (text: string, write: (line: string) => void): void => {
  for (const line of text.trimEnd().split("\n")) write(line);
};

/** The `mrdata` command line. Commander throws instead of ending the process, so that the exit codes are ours. */
export function createProgram(terminal: Terminal, env: NodeJS.ProcessEnv): Command {
  const program = new Command("mrdata")
    .description(
      "Mr Data stands first on the PagerDuty rota and lets people sleep through what resolves itself.",
    )
    .version("0.1.0")
    .configureOutput({
      writeOut: (text) => eachLine(text, terminal.out),
      writeErr: (text) => eachLine(text, terminal.say),
    })
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(see --help)")
    .addHelpText(
      "after",
      "\nExit codes: 0 ok, 1 failed, 2 usage, 3 not configured, 4 unhealthy.\nTargets: local:DIR (MRDATA_TARGET; default local:.mrdata) or gcp:PROJECT/DATABASE.",
    );
  for (const declare of commands) declare(program, { terminal, env });
  return program;
}
