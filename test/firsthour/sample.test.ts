import { expect, test } from "vitest";
import { plays } from "./plays.ts";
import { pairsOf, sampled } from "./sample.ts";

test("every two are a pair once, and what is drawn of them is the seed's affair alone", () => {
  expect(pairsOf([1, 2, 3])).toEqual([
    [1, 2],
    [1, 3],
    [2, 3],
  ]);
  const pairs = pairsOf(plays);
  expect(pairs).toHaveLength((plays.length * (plays.length - 1)) / 2);
  const drawn = sampled(pairs, 4, "1");
  expect(new Set(drawn).size).toBe(4);
  expect(sampled(pairs, 4, "1")).toEqual(drawn);
  expect(["2", "3", "4"].every((seed) => sampled(pairs, 4, seed)[0] === drawn[0])).toBe(false);
});

test("no two plays have the same name, and all that may fail say why", () => {
  expect(new Set(plays.map(({ name }) => name)).size).toBe(plays.length);
  expect(plays.filter(({ says }) => says === null)).toHaveLength(3);
});
