import { defaultSettings } from "@mrdata/platform";
import { expect, test } from "vitest";
import { createCountOpened } from "./count-opened.ts";

const START = Date.parse("2026-03-02T03:00:00Z");
const quiet = { hour: 0, day: 0, week: 0 };
/** At which eleven within ten minutes are no storm: as many are usual. */
const busy = { hour: 60, day: 1_440, week: 11_082 };
const rule = defaultSettings.storm;

/** Counts openings as the ledger would, and how often it was queried. */
function counting(openings: readonly number[]) {
  const asked = { times: 0 };
  const count = createCountOpened({
    openedWithin: async (at, age) => {
      asked.times++;
      return openings.filter((one) => one >= at - age && one <= at).length;
    },
  });
  return {
    asked,
    count: (after: number, organisation = quiet) =>
      count({ at: START + after, rule, organisation: async () => organisation }),
  };
}

test("outside a storm every incident is counted, so that the one that makes it a storm is noticed", async () => {
  const openings = Array.from({ length: rule.least }, (_, i) => START + i);
  const { count, asked } = counting(openings);
  const counts: number[] = [];
  for (let i = 0; i < rule.least; i++) counts.push(await count(i));
  expect(counts).toEqual(openings.map((_, i) => i + 1));
  expect(asked.times).toBe(rule.least);
});

test("in a storm what opens within a second shares one count, and a storm that is over is noticed after it", async () => {
  const { count, asked } = counting(Array.from({ length: 2_000 }, (_, i) => START + i / 10));
  const first = await count(100);
  expect(first).toBe(1_001);
  for (let i = 0; i < 1_000; i++) expect(await count(i)).toBe(first);
  expect(asked.times).toBe(1);
  expect(await count(1_100)).toBe(2_000);
  expect(await count(rule.seconds * 1_000 + 60_000)).toBe(1);
  expect(asked.times).toBe(3);
});

test("a storm by another incident's threshold is not shared: where so many are usual it is counted again", async () => {
  const { count, asked } = counting(Array.from({ length: 12 }, (_, i) => START + 10 * i));
  expect(await count(100)).toBe(11);
  expect(await count(200, busy)).toBe(12);
  expect(asked.times).toBe(2);
});

test("an incident that was not recorded yet is included; a failed count is an error, and the next one counts again", async () => {
  const { count } = counting([]);
  expect(await count(0)).toBe(1);
  let fails = true;
  const failing = createCountOpened({
    openedWithin: async () => {
      if (fails) throw new Error("the ledger is away");
      return 3;
    },
  });
  const question = { at: START, rule, organisation: async () => quiet };
  await expect(failing(question)).rejects.toThrow("the ledger is away");
  fails = false;
  expect(await failing(question)).toBe(3);
});
