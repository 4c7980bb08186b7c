import { defaultSettings, type Settings, UnreadableDocumentError } from "@mrdata/platform";
import { expect, test } from "vitest";
import { shortfallSentence } from "./shortfall-sentence.ts";

const certificate = {
  budget: 0.1,
  delta: 0.1,
  real: 100,
  missesAllowed: 5,
  misses: 3,
  upperBound: 0.07,
  threshold: 0.8,
  from: "2026-01-01T00:00:00.000Z",
  to: "2026-06-01T00:00:00.000Z",
};
const settings = (change: Partial<Settings> = {}) => ({
  settings: async (): Promise<Settings> => ({ ...defaultSettings, missBudget: 0.1, ...change }),
});

test.each([
  ["it is certified for what is set", { threshold: 0.8, certificate }, {}, null],
  ["it is certified for less", { threshold: 0.8, certificate: { ...certificate, budget: 0.05 } }, {}, null],
  ["it holds nothing anyway", { threshold: null, certificate: null }, {}, null],
  [
    "an old version has none",
    { threshold: 0.8, certificate: null },
    {},
    /^v3 has no certificate.*mrdata train --promote$/,
  ],
  [
    "the budget was lowered",
    { threshold: 0.8, certificate },
    { missBudget: 0.05 },
    /^v3 is certified for .* 10 %, and 5 % is set/,
  ],
] as const)(
  "a version that becomes champion says why nothing is held by it: %s",
  async (_, card, change, expected) => {
    const sentence = await shortfallSentence("v3", card, settings(change));
    if (expected === null) expect(sentence).toBeNull();
    else expect(sentence).toMatch(expected);
  },
);

test("there is no sentence if the settings cannot be read", async () => {
  const unreadable = {
    settings: async () => {
      throw new UnreadableDocumentError("settings/bot", "schema", "is 3");
    },
  };
  expect(await shortfallSentence("v3", { threshold: 0.8, certificate: null }, unreadable)).toBeNull();
});
