import { expect, test } from "vitest";
import { resultOf } from "./result.ts";

const hold = { decision: "hold", decidedBy: "threshold" } as const;
const page = { decision: "page", decidedBy: "novelty" } as const;
const control = { decision: "page", decidedBy: "control" } as const;

test.each([
  [hold, "self-resolved", "hit"],
  [hold, "needed-human", "miss"],
  [hold, "merged", "neither"],
  [hold, null, "open"],
  [page, "self-resolved", "unneeded page"],
  [page, "needed-human", "correct page"],
  [page, "timed-out", "neither"],
  [page, null, "open"],
  // Paged as part of the control sample, however it ends.
  [control, "self-resolved", "control"],
  [control, "needed-human", "control"],
  [control, null, "control"],
] as const)("%o that ended as %s is '%s'", (decided, outcome, result) => {
  expect(resultOf(decided, outcome)).toBe(result);
});
