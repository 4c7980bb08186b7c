import { CommanderError } from "commander";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { processTerminal } from "./terminal.ts";

const terminal = processTerminal();
try {
  await createProgram(terminal, process.env).parseAsync(process.argv);
  process.exitCode = exitCodes.ok;
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  } else {
    terminal.say(`mrdata: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof CommandError) && process.env.MRDATA_DEBUG && error instanceof Error)
      terminal.say(error.stack ?? "");
    process.exitCode = error instanceof CommandError ? error.exitCode : exitCodes.failed;
  }
}
