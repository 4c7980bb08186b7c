import { describe } from "vitest";
import { playTest } from "./play-test.ts";
import { plays } from "./plays.ts";

describe("a first up ends well, or says why, and the next one ends well", () => {
  for (const play of plays) playTest([play]);
});
