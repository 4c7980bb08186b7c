import { HistoryFileError } from "@mrdata/history";
import { UnusableSecretError } from "@mrdata/platform";
import { EnvironmentError } from "@mrdata/runtime";
import { CommanderError } from "commander";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { neutralTerminal } from "./neutral-terminal.ts";
import { createProgram } from "./program.ts";
import { tellingOn } from "./telling.ts";
import type { Terminal } from "./terminal.ts";

/** Runs one command line, without `mrdata` before it, and gives its exit code. Never throws: what went wrong is said. */
export async function run(args: readonly string[], given: Terminal, env: NodeJS.ProcessEnv): Promise<number> {
  const terminal = neutralTerminal(given);
  try {
    await tellingOn(terminal, () => createProgram(terminal, env).parseAsync(args, { from: "user" }));
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    terminal.say(`mrdata: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof CommandError) return error.exitCode;
    if (error instanceof HistoryFileError) return exitCodes.failed;
    if (error instanceof EnvironmentError || error instanceof UnusableSecretError)
      return exitCodes.notConfigured;
    if (env.MRDATA_DEBUG && error instanceof Error)
      for (const line of (error.stack ?? "").split("\n")) terminal.say(line);
    return exitCodes.failed;
  }
}
