import { expect, test } from "vitest";
import { runScale } from "../bench/scale.ts";

/** Some seconds of the hour of `npm run bench -- scale.hour`: at its rate, through as many processes, and no timing fails it. */
test("incidents at the rate of 10,000 an hour are all decided on and recorded, and nothing is left in a queue", async (context) => {
  const incidents = 20;
  const result = await runScale({ incidents, perHour: 10_000, brief: true });
  if (result === null) return context.skip("no emulators: what they need is said above");
  expect(result).toMatchObject({ refused: 0, unfinished: 0, stored: { predictions: incidents, incidents } });
  expect(result.decidedMs).toHaveLength(incidents);
  expect(result.emptyMs).toHaveLength(incidents);
}, 300_000);
