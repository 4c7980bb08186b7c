import { expect, test } from "vitest";
import type { CertifyingRow } from "./certificate.ts";
import { holdFrom } from "./hold-from.ts";
import { remarkOfOneSide } from "./one-side.ts";

const rule = { precision: 0.9, rows: 20, missBudget: 0.1 };
const certificateRule = { budget: 0.1, delta: 0.1, days: 180 };
const rowsOf = (resolved: number, real: number): readonly CertifyingRow[] =>
  Array.from({ length: resolved + real }, (_, i) => ({
    id: `Q${i}`,
    openedAt: i * 3_600_000,
    probability: i < resolved ? 0.9 + i / 10_000 : 0.1 + i / 10_000,
    label: i < resolved ? 1 : 0,
  }));
const held = (rows: readonly CertifyingRow[]) => holdFrom(rows, rows, rule, certificateRule);

test("a past without a real incident certifies nothing, and a sentence says how many are missing", () => {
  const { threshold, certificate, remark } = held(rowsOf(200, 0));
  expect([threshold, certificate]).toEqual([null, null]);
  expect(remark).toBe(
    "No past prediction was of an incident that needed a human, and 22 are the fewest that a certificate takes: 22 are missing. This version holds nothing.",
  );
  expect(remarkOfOneSide(1, remark)).toBe(remark);
});

test("a past of real incidents only holds nothing, and says so", () => {
  expect(held(rowsOf(0, 200))).toMatchObject({ threshold: null, certificate: null });
  expect(remarkOfOneSide(0, "anything")).toMatch(/^Every incident of the past needed a human/);
  expect(remarkOfOneSide(0.5, "anything")).toBeNull();
});

test("a past of both has a certificate with its estimate by age; without a budget there is neither", () => {
  expect(held(rowsOf(200, 100))).toMatchObject({
    certificate: { real: 100, missesAllowed: 5 },
    ageWeighted: { halfLifeDays: 30 },
    remark: null,
  });
  const rows = rowsOf(200, 100);
  const without = holdFrom(rows, rows, { ...rule, missBudget: 1 }, certificateRule);
  expect(without).toMatchObject({ certificate: null, remark: expect.stringContaining("no certificate") });
  expect(without.threshold).not.toBeNull();
});
