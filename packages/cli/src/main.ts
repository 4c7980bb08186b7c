import { CommanderError } from "commander";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { processTerminal } from "./terminal.ts";

const terminal = processTerminal();
// Whoever reads only the first lines (`| head`) closes the pipe: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.ok);
  throw error;
});
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
