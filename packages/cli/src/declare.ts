import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** What a command receives besides its options. */
export type CommandContext = { readonly terminal: Terminal; readonly env: NodeJS.ProcessEnv };

/** Adds a command with its options to the program. Each command's file exports one; `program.ts` lists them all. */
export type Declare = (program: Command, context: CommandContext) => void;

/** Adds PagerDuty's address to the help of a command that calls its API. */
export const asksPagerDuty = (command: Command): Command =>
  command.addHelpText(
    "after",
    "\nPagerDuty is asked at https://api.pagerduty.com. Accounts of the EU service region set\nMRDATA_PAGERDUTY_URL=https://api.eu.pagerduty.com",
  );

/** The options of every command that works on a target. */
export const onTarget = (command: Command): Command =>
  command
    .option("--target <target>", "local:DIR or gcp:PROJECT/DATABASE (or MRDATA_TARGET)")
    .option("--home <dir>", "short for --target local:DIR")
    .option("--json", "for machines: one JSON line each on standard output", false);
