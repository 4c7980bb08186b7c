import { exitCodes } from "./exit-codes.ts";
import { run } from "./run.ts";
import { processTerminal } from "./terminal.ts";

// Whoever reads only the first lines (`| head`) closes the pipe: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.ok);
  throw error;
});
process.exitCode = await run(process.argv.slice(2), processTerminal(), process.env);
// A client that still tries to reach a service must not keep whoever waits for the prompt; what was written goes out first.
if (process.exitCode !== exitCodes.ok)
  process.stdout.write("", () => process.stderr.write("", () => process.exit()));
