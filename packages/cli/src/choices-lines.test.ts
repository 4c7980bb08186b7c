import { expect, test } from "vitest";
import { about, choicesLines, needsSentence } from "./choices-lines.ts";

const needs = { moreIncidents: 2_312, missBudget: 0.15, windowsSeconds: [600] };

test("the needs are one sentence with the options", () => {
  expect(needsSentence({ windowSeconds: 300, needs, real: 40 })).toBe(
    "To hold anything: about 2,300 more incidents of this kind, or a miss budget of 15 % (mrdata settings missBudget), or a window of 10 min.",
  );
  expect(
    needsSentence({
      windowSeconds: 300,
      real: 40,
      needs: { ...needs, missBudget: null, windowsSeconds: [300] },
    }),
  ).toBe("To hold anything: about 2,300 more incidents of this kind.");
  expect(
    needsSentence({
      real: 40,
      windowSeconds: 300,
      needs: { moreIncidents: null, missBudget: null, windowsSeconds: [] },
    }),
  ).toContain("Leave the bot in annotate");
});

test.each([
  [7, "7"],
  [143, "140"],
  [2_312, "2,300"],
  [98_765, "99,000"],
])("%i is about %s", (count, text) => expect(about(count)).toBe(text));

test("every miss is listed with name and time, and a cell shows pages spared and the bound", () => {
  const cell = { windowSeconds: 300, sureness: 0.9, held: 12, pagesSpared: 0.02, realDelayed: 0.001 };
  const lines = choicesLines(
    {
      windowSeconds: 300,
      predictions: 900,
      real: 500,
      table: [
        { ...cell, upperBound: 0.013, certified: true },
        { ...cell, sureness: 0.8, upperBound: 0.12, certified: false },
        { ...cell, sureness: 0.7, held: 0, upperBound: null, certified: false },
      ],
      needs,
      from: 0.8,
      atMissBudget: 0.15,
      alarms: [{ service: "Shop", title: "Disk full", opened: 30, held: 12, late: 1 }],
      misses: [
        { id: "P7", service: "PSHOP", title: "Disk full", createdAt: Date.parse("2026-03-02T03:04:05Z") },
      ],
    },
    { bold: String },
  );
  const text = lines.join("\n");
  expect(text).toMatch(/^90 % +2 % \/ ≤ 1\.3 % ✓$/m);
  expect(text).toMatch(/^80 % +2 % \/ ≤ 12 %$/m);
  expect(text).toMatch(/^70 % +–$/m);
  expect(text).toContain("12 of 30   Disk full (Shop); 1 of them paged late");
  expect(text).toContain("2026-03-02 03:04  Disk full (PSHOP, P7)");
  expect(text).toContain("takes a miss budget of 15 %");
});

test("of a past without any real incident no setting helps, and it says so", () => {
  expect(needsSentence({ windowSeconds: 300, needs, real: 0 })).toMatch(
    /without any incident that needed a human/,
  );
});

test("if no prediction was ever sure enough there is a sentence instead of an empty table", () => {
  const none = { moreIncidents: null, missBudget: null, windowsSeconds: [] };
  const nothing = { windowSeconds: 300, predictions: 133, real: 133, table: [], needs: none };
  const lines = choicesLines(
    { ...nothing, from: null, atMissBudget: null, alarms: [], misses: [] },
    { bold: String },
  );
  expect(lines.join("\n")).toContain(
    "There is nothing to choose from: of 133 past predictions, 133 of which",
  );
  expect(lines.join("\n")).toContain("Leave the bot in annotate");
  expect(lines.join("\n")).not.toContain("held from");
});
