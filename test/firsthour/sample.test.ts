import { expect, test } from "vitest";
import { ofPart, readPart } from "./parts.ts";
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

test("all parts together are every pair, none of them twice", () => {
  const pairs = pairsOf(plays);
  for (const of of [1, 2, 5, pairs.length]) {
    const parts = Array.from({ length: of }, (_, i) => ofPart(pairs, readPart(`${i + 1}/${of}`), "1"));
    expect(parts.flat()).toHaveLength(pairs.length);
    expect(new Set(parts.flat()).size).toBe(pairs.length);
  }
});

test.each(["", "0/4", "5/4", "1/0", "2", "1/4/2", "-1/4", "1.5/4"])("%j is no part", (text) => {
  expect(() => readPart(text)).toThrow(/A part is K\/N/);
});
