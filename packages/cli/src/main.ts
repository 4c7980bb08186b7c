import { messageOf } from "@mrdata/base";
import { withoutCredentials } from "@mrdata/platform/without-credentials";
import { exitCodes } from "./exit-codes.ts";
import { neutralLine } from "./neutral.ts";
import { run } from "./run.ts";
import { processTerminal } from "./terminal.ts";

// A reader of only the first lines (`| head`) closes the pipe: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.ok);
  throw error;
});
// Google's clients may throw where nobody can catch it: print one sentence, never a stack trace.
for (const event of ["uncaughtException", "unhandledRejection"])
  process.on(event, (error: unknown) => {
    if (process.env.MRDATA_DEBUG) console.error(error);
    const [sentence = ""] = messageOf(error).split("\n");
    process.stderr.write(`mrdata: ${neutralLine(withoutCredentials(sentence))}\n`, () =>
      process.exit(exitCodes.failed),
    );
  });
process.exitCode = await run(process.argv.slice(2), processTerminal(), process.env);
// A client that still tries to reach a service must not delay the exit; output is flushed first.
if (process.exitCode !== exitCodes.ok)
  process.stdout.write("", () => process.stderr.write("", () => process.exit()));
