import { messageOf } from "@mrdata/base";
import { CommanderError } from "commander";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { lateRefusal } from "./google/refusal.ts";
import { neutralTerminal } from "./neutral-terminal.ts";
import { commandIn, createProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";
import { withWarningsOn } from "./warnings.ts";

/** Runs one command line, without `mrdata` before it, and gives its exit code. Never throws: errors are printed. */
export async function run(args: readonly string[], given: Terminal, env: NodeJS.ProcessEnv): Promise<number> {
  const terminal = neutralTerminal(given);
  try {
    const program = await createProgram(terminal, env, commandIn(args));
    await withWarningsOn(terminal, () => program.parseAsync(args, { from: "user" }));
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const refused = lateRefusal(error);
    if (refused !== null) {
      terminal.say(`mrdata: ${refused}`);
      return exitCodes.notConfigured;
    }
    terminal.say(`mrdata: ${messageOf(error)}`);
    if (error instanceof CommandError) return error.exitCode;
    if (await isConfigurationError(error)) return exitCodes.notConfigured;
    if (env.MRDATA_DEBUG && error instanceof Error)
      for (const line of (error.stack ?? "").split("\n")) terminal.say(line);
    return exitCodes.failed;
  }
}

/** Loaded lazily: whatever throws these errors has loaded them, and a successful command need not. */
async function isConfigurationError(error: unknown): Promise<boolean> {
  const [{ EnvironmentError }, { UnusableSecretError }] = await Promise.all([
    import("@mrdata/runtime"),
    import("@mrdata/platform"),
  ]);
  return error instanceof EnvironmentError || error instanceof UnusableSecretError;
}
