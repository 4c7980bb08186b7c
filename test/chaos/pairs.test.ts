import { expect, test } from "vitest";
import { faultNames } from "./faults.ts";
import { createStack } from "./layers.ts";
import { pairsOf } from "./pairs.ts";

const all = pairsOf(faultNames, null, 1);

test("every fault is paired with every other once, and with nothing being wrong never", () => {
  const single = faultNames.filter((name) => name !== "none");
  expect(all).toHaveLength((single.length * (single.length - 1)) / 2);
  expect(new Set(all.map((pair) => pair.split("+").toSorted().join("+"))).size).toBe(all.length);
  expect(all.join(" ")).not.toContain("none");
});

test("a sample is drawn by the seed, has each pair once, and leaves out no fault", () => {
  const sample = pairsOf(faultNames, 40, 7);
  expect(sample).toHaveLength(40);
  expect(new Set(sample).size).toBe(40);
  expect(pairsOf(faultNames, 40, 7)).toEqual(sample);
  expect(pairsOf(faultNames, 40, 8)).not.toEqual(sample);
  for (const name of faultNames)
    if (name !== "none")
      expect(sample.filter((pair) => pair.split("+").includes(name)).length).toBeGreaterThanOrEqual(2);
  expect(pairsOf(faultNames, 100_000, 7)).toEqual(all);
});

test("a sample among the pairs of one fault is of that one, each with another", () => {
  const sample = pairsOf(faultNames, 6, 7, { among: "agent-acks" });
  expect(new Set(sample).size).toBe(6);
  for (const pair of sample) expect(pair.split("+")).toContain("agent-acks");
  expect(pairsOf(faultNames, null, 7, { among: "agent-acks" })).toHaveLength(faultNames.length - 2);
});

test("layers are taken away in any order, each its own", () => {
  const stack = createStack<string>();
  const [first, second] = [stack.add("same"), stack.add("same")];
  stack.add("last");
  first();
  first();
  expect(stack.all).toEqual(["same", "last"]);
  second();
  expect(stack.all).toEqual(["last"]);
});
