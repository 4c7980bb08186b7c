import { expect, test } from "vitest";
import { windowsOf } from "./window-of.ts";

const MINUTE = 60_000;
const usual = 5 * MINUTE;
const card = {
  schema: 1,
  trainedAt: "2026-03-01T00:00:00Z",
  window: 600,
  learner: "boosting",
  threshold: 0.9,
  rule: { precision: 0.9, rows: 20, missBudget: 0.05 },
  seed: 1,
  incidents: 400,
  from: "2026-01-01T00:00:00Z",
  to: "2026-03-01T00:00:00Z",
  services: 3,
  remark: null,
  figures: { scored: 1, auc: {} },
  files: {},
};
let reads = 0;
const windowOf = windowsOf(
  {
    async read(version, file) {
      reads++;
      return version === "v1" && file === "card.json" ? Buffer.from(JSON.stringify(card)) : null;
    },
  },
  usual,
);
const decided = { holdUntil: null, openedAt: 0, model: "v1" };

test("the window of a decision is the stored one, whatever the bot's is now", async () => {
  expect(await windowOf({ ...decided, window: 15 * MINUTE, holdUntil: MINUTE })).toBe(15 * MINUTE);
});

test("without a stored window it is the hold's length or the model's, else the default", async () => {
  expect(await windowOf({ ...decided, holdUntil: 3 * MINUTE })).toBe(3 * MINUTE);
  expect(await windowOf(decided)).toBe(10 * MINUTE);
  expect(await windowOf(decided)).toBe(10 * MINUTE);
  expect(reads).toBe(1);
  for (const model of ["v2", "rate", "none"]) expect(await windowOf({ ...decided, model })).toBe(usual);
  expect(await windowOf(null)).toBe(usual);
});
