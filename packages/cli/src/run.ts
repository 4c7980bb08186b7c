import { messageOf } from "@mrdata/base";
import { CommanderError } from "commander";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { lateRefusal } from "./google/refusal.ts";
import { neutralTerminal } from "./neutral-terminal.ts";
import { commandIn, createProgram } from "./program.ts";
import { tellingOn } from "./telling.ts";
import type { Terminal } from "./terminal.ts";

/** Runs one command line, without `mrdata` before it, and gives its exit code. Never throws: what went wrong is said. */
export async function run(args: readonly string[], given: Terminal, env: NodeJS.ProcessEnv): Promise<number> {
  const terminal = neutralTerminal(given);
  try {
    const program = await createProgram(terminal, env, commandIn(args));
    await tellingOn(terminal, () => program.parseAsync(args, { from: "user" }));
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
    if (await isOfConfiguration(error)) return exitCodes.notConfigured;
    if (env.MRDATA_DEBUG && error instanceof Error)
      for (const line of (error.stack ?? "").split("\n")) terminal.say(line);
    return exitCodes.failed;
  }
}

/** What throws these has loaded them: a command that goes well need not. */
async function isOfConfiguration(error: unknown): Promise<boolean> {
  const [{ EnvironmentError }, { UnusableSecretError }] = await Promise.all([
    import("@mrdata/runtime"),
    import("@mrdata/platform"),
  ]);
  return error instanceof EnvironmentError || error instanceof UnusableSecretError;
}
