import { expect, test } from "vitest";
import { ABSENT, type Deployed, hasNewGrants, sentenceIfGone } from "./deployed.ts";

const there: Deployed = { state: "there", description: "", secrets: ["A", "B"] };

test("whose grants may be new: all that does not run yet, and what runs where a secret is new to it", () => {
  expect(hasNewGrants(there, ["A", "B"])).toBe(false);
  expect(hasNewGrants(there, ["B"])).toBe(false);
  expect(hasNewGrants(there, ["A", "B", "C"])).toBe(true);
  expect(hasNewGrants({ ...there, secrets: [] }, ["A"])).toBe(true);
  for (const state of ["absent", "failed", "unknown"] as const)
    expect(hasNewGrants({ ...there, state }, ["A", "B"]), state).toBe(true);
});

test("only what was not there, and is not there after all was made, is gone", () => {
  expect(sentenceIfGone("mrdata-receive", ABSENT, ABSENT)).toBe(
    "The function mrdata-receive is not there at Google, although Pulumi's state has it: pulumi refresh, then pulumi up",
  );
  const states = ["absent", "failed", "there", "unknown"] as const;
  for (const before of states)
    for (const now of states)
      if (before !== "absent" || now !== "absent")
        expect(sentenceIfGone("f", { ...there, state: before }, { ...there, state: now })).toBeNull();
});
