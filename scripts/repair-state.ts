// npm run --silent repair-state: reads `pulumi stack export` after an `up` was killed or is stuck, and writes what `pulumi stack import` takes.
import { text } from "node:stream/consumers";
import { repairedState } from "./repair-state/repaired-state.ts";

const refuse = (why: string): void => {
  process.stderr.write(
    `mrdata: ${why}; try: pulumi stack export | npm run --silent repair-state | pulumi stack import\n`,
  );
  process.exitCode = 1;
};

const exported = await text(process.stdin);
try {
  const { state, assumed, unsure, failed } = repairedState(JSON.parse(exported));
  if (assumed.length > 0)
    process.stderr.write(`mrdata: 'pulumi refresh' looks whether these are there: ${assumed.join(", ")}\n`);
  if (unsure.length > 0)
    process.stderr.write(
      `mrdata: Google may have made these while nobody listened, and the next 'pulumi up' makes them again; delete the older of two in the console: ${unsure.join(", ")}\n`,
    );
  if (failed.length > 0)
    process.stderr.write(
      `mrdata: these have failed, and the next 'pulumi up' makes them again: ${failed.join(", ")}\n`,
    );
  process.stdout.write(`${JSON.stringify(state, null, 2)}\n`);
} catch {
  refuse("what came in is no state of a stack");
}
