import { describe, expect } from "vitest";
import { openEngineStack } from "../engine/support/engine-stack.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { faultsOfFirstUp } from "./first-up.ts";
import { type Play, plays } from "./plays.ts";
import { pairsOf, sampled } from "./sample.ts";

/** How many pairs are played unless all are asked for: `npm run firsthour` plays them all. */
const PAIRS = 5;
const pairs = pairsOf(plays);
const chosen =
  process.env.MRDATA_FIRSTHOUR === "all" ? pairs : sampled(pairs, PAIRS, process.env.MRDATA_SEED ?? "1");

function playTest(playing: readonly Play[]): void {
  engineTest(playing.map(({ name }) => name).join(", and "), async () => {
    if (!engine.available) return;
    const on = await openEngineStack("everything", engine.binary);
    try {
      expect(await faultsOfFirstUp(on, playing)).toEqual([]);
    } finally {
      await on.remove();
    }
  });
}

describe("a first up ends well, or says why, and the next one ends well", () => {
  for (const play of plays) playTest([play]);
});

describe("two at a time", () => {
  for (const pair of chosen) playTest(pair);
});
