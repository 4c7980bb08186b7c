import { expect, test } from "vitest";
import { comparePast, knownAt, type PastIncident, selfResolved, wasMerged } from "./past-incident.ts";

const WINDOW = 300_000;
const past = (change: Partial<PastIncident> = {}): PastIncident => ({
  id: "P1",
  service: "PDB",
  title: "Disk full",
  urgency: "high",
  details: {},
  createdAt: 0,
  resolvedAt: 120_000,
  resolvedBy: "integration",
  acknowledgedAt: null,
  takenOverAt: null,
  mergedInto: null,
  ...change,
});
const said = (word: "noise" | "real") => ({ feedback: { said: word, at: 900_000 } }) as const;

test.each<[string, Partial<PastIncident>, boolean]>([
  ["the integration closed within the window", {}, true],
  ["the integration closed at the window's end", { resolvedAt: WINDOW }, true],
  ["the integration closed after it", { resolvedAt: WINDOW + 1 }, false],
  ["is open", { resolvedAt: null, resolvedBy: null }, false],
  ["a person closed", { resolvedBy: "human" }, false],
  ["an unknown actor closed", { resolvedBy: null }, false],
  ["a person acknowledged, and no more", { acknowledgedAt: 30_000 }, true],
  ["a person took over before", { takenOverAt: 60_000 }, false],
  ["a person took over when it was closed", { takenOverAt: 180_000 }, true],
  ["was merged", { mergedInto: "P2" }, false],
  ["a person called real", said("real"), false],
  ["a person called noise, however late it closed", { ...said("noise"), resolvedAt: null }, true],
  ["a person called noise, and had taken over", { ...said("noise"), takenOverAt: 60_000 }, false],
])("an incident that %s", (_, change, expected) => {
  expect(selfResolved(past(change), WINDOW)).toBe(expected);
});

test("a merge counts as one inside the window only, and its label is known like any other's", () => {
  expect(wasMerged(past({ mergedInto: "P2" }), WINDOW)).toBe(true);
  expect(wasMerged(past({ mergedInto: "P2", resolvedAt: WINDOW + 1 }), WINDOW)).toBe(false);
  expect(wasMerged(past(), WINDOW)).toBe(false);
});

test("a label is known at the closing or the window's end, a second after opening at least, and not before it was said", () => {
  const known = [{}, { resolvedAt: null }, { resolvedAt: 9e9 }, { resolvedAt: 10 }, said("noise")];
  expect(known.map((change) => knownAt(past(change), WINDOW))).toEqual([
    120_000,
    WINDOW,
    WINDOW,
    1_000,
    900_000,
  ]);
});

test("numbers are in their own order and before texts", () => {
  const ids = ["B", "10", "A", "9"].map((id) => past({ id, ...(/^\d+$/.test(id) && { numericId: true }) }));
  expect(ids.toSorted(comparePast).map(({ id }) => id)).toEqual(["9", "10", "A", "B"]);
});
