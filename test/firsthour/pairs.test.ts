import { describe } from "vitest";
import { playTest } from "./play-test.ts";
import { plays } from "./plays.ts";
import { pairsOf, sampled } from "./sample.ts";

/** How many pairs are played unless all are asked for: `npm run firsthour` plays them all. */
const PAIRS = 4;
const pairs = pairsOf(plays);
const isWhole = process.env.MRDATA_FIRSTHOUR === "all";
const chosen = isWhole ? pairs : sampled(pairs, PAIRS, process.env.MRDATA_SEED ?? "1");

describe("two at a time", () => {
  for (const pair of chosen) playTest(pair);
});
