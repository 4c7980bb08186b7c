import { expect, test } from "vitest";
import { about, needsSentence } from "./needs-sentence.ts";

const needs = { moreIncidents: 2_312, missBudget: 0.15, windowsSeconds: [600], windowsFrom: [0.924] };

test("the needs are one sentence with the options, a window with the sureness from which it holds", () => {
  expect(needsSentence({ real: 40, windowSeconds: 300, needs })).toBe(
    "To hold anything: about 2,300 more incidents of this kind, or a miss budget of 15 % (mrdata settings missBudget), or a window of 10 min (held from 92.4 % on).",
  );
  expect(needsSentence({ real: 40, windowSeconds: 600, needs: { ...needs, missBudget: null } })).toBe(
    "To hold anything: about 2,300 more incidents of this kind.",
  );
  const none = { moreIncidents: null, missBudget: null, windowsSeconds: [], windowsFrom: [] };
  expect(needsSentence({ real: 40, windowSeconds: 300, needs: none })).toContain("Leave the bot in annotate");
});

test.each([
  [7, "7"],
  [143, "140"],
  [2_312, "2,300"],
  [98_765, "99,000"],
])("%i is about %s", (count, text) => expect(about(count)).toBe(text));

test("of a past without any real incident no setting helps, and it says so", () => {
  expect(needsSentence({ real: 0, windowSeconds: 300, needs })).toMatch(
    /without any incident that needed a human/,
  );
});
