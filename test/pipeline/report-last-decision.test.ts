import { readReport } from "@mrdata/functions";
import { createLedger } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, onTestFinished, test } from "vitest";
import { aPrediction } from "../support/predictions.ts";

const NOW = Date.parse("2026-03-02T04:30:00Z");
const DAY_MS = 86_400_000;
const options = { now: NOW, spanMs: 7 * DAY_MS, timeZone: null, windowMs: 300_000, retrain: null };

test("a period without a decision names the last decision before it, and one with a decision does not", async () => {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  onTestFinished(() => ledger.close());
  expect((await readReport(ledger, options)).lastDecidedAt).toBeNull();
  const openedAt = NOW - 30 * DAY_MS;
  await ledger.createPrediction({ ...aPrediction({ incident: "PA" }), openedAt });
  expect((await readReport(ledger, options)).lastDecidedAt).toBe(openedAt);
  expect((await readReport(ledger, { ...options, spanMs: 31 * DAY_MS })).lastDecidedAt).toBeNull();
});
