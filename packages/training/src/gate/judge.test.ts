import { describe, expect, test } from "vitest";
import { type Candidate, judge, type PairedRow, type RivalOnPast } from "./judge.ts";

const certificate = {
  budget: 0.1,
  delta: 0.1,
  real: 200,
  missesAllowed: 14,
  misses: 10,
  upperBound: 0.08,
  threshold: 0.8,
  from: "2026-01-01T00:00:00.000Z",
  to: "2026-06-01T00:00:00.000Z",
};
const good: Candidate = {
  threshold: 0.8,
  certificate,
  remark: null,
  windowMs: 300_000,
  trainedAt: Date.parse("2026-06-01T00:00:00Z"),
  real: 400,
  vanished: [],
  suspicions: [],
};
const rules = { budget: 0.1, windowMs: 300_000, triedInVain: null, championTrainedAt: null };
const rows = (count: number, row: PairedRow): readonly PairedRow[] =>
  Array.from({ length: count }, () => row);
/** 200 real ones and 200 that resolved themselves, of which both are as sure. */
const alike = [
  ...rows(200, { label: 0, challenger: 0.2, rival: 0.2 }),
  ...rows(200, { label: 1, challenger: 0.9, rival: 0.9 }),
];
const champion = (of: readonly PairedRow[]): RivalOnPast => ({
  name: "the champion v3",
  threshold: 0.8,
  rows: of,
});
const rulesOf = (...of: Parameters<typeof judge>) => judge(...of).map(({ rule }) => rule);

describe("the gate", () => {
  test("lets a renewal pass that holds as the champion does, and the first version by its certificate alone", () => {
    expect(judge(good, [champion(alike)], rules)).toEqual([]);
    expect(judge(good, [], rules)).toEqual([]);
  });
  test("puts nothing back: what learnt from an older past than the champion stays challenger, and one of the same moment is a renewal", () => {
    const at = (day: string) => ({ ...rules, championTrainedAt: Date.parse(`${day}T00:00:00Z`) });
    expect(rulesOf(good, [champion(alike)], at("2026-05-31"))).toEqual([]);
    expect(rulesOf(good, [champion(alike)], at("2026-06-01"))).toEqual([]);
    expect(judge(good, [champion(alike)], at("2026-06-02"))).toEqual([
      {
        rule: "older",
        sentence:
          "It has learnt from what was known by 2026-06-01 00:00, and the champion from what was known by 2026-06-02 00:00.",
      },
    ]);
  });
  test("asks for as many real incidents as it takes to be sure: 79 are too few for a fifth of 10 %, 81 are not", () => {
    const real = (count: number) => champion(rows(count, { label: 0, challenger: 0.2, rival: 0.2 }));
    expect(rulesOf(good, [real(79)], rules)).toEqual(["delayed"]);
    expect(rulesOf(good, [real(81)], rules)).toEqual([]);
  });
  test("counts real incidents that it alone would have delayed, against any rival, in figures", () => {
    const more = [...alike.slice(4), ...rows(4, { label: 0, challenger: 0.85, rival: 0.2 })];
    const [failing, ...others] = judge(
      good,
      [champion(alike), { ...champion(more), name: "v1, the best of the last year" }],
      rules,
    );
    // Being sure of what was real costs Brier score, too.
    expect(others.map(({ rule }) => rule)).toEqual(["brier"]);
    expect(failing).toEqual({
      rule: "delayed",
      sentence:
        "Beside v1, the best of the last year it would have delayed 4 of 200 real incidents that the other did not, and the other 0 that it did not: at most 3.7 % more with 90 % confidence, and 2.0 % may be.",
    });
  });
  test("balances them with those that the rival alone would have delayed", () => {
    const swapped = [
      ...alike.slice(60),
      ...rows(10, { label: 0, challenger: 0.85, rival: 0.2 }),
      ...rows(50, { label: 0, challenger: 0.2, rival: 0.85 }),
    ];
    expect(judge(good, [champion(swapped)], rules)).toEqual([]);
  });
  test("refuses a Brier score that is worse by more than a standard error, and lets one pass within it", () => {
    const worse = alike.map((row) => ({ ...row, challenger: row.label === 1 ? 0.82 : 0.3 }));
    expect(rulesOf(good, [champion(worse)], rules)).toEqual(["brier"]);
    const wobbling = alike.map((row, i) => ({
      ...row,
      challenger: row.challenger + (i % 2 === 0 ? 0.01 : -0.01),
    }));
    expect(rulesOf(good, [champion(wobbling)], rules)).toEqual([]);
  });
  test.each(["challenger", "rival"] as const)(
    "lets nothing pass that cannot be compared: one probability of the %s is no number",
    (whose) => {
      const holed = alike.map((row, i) => (i === 7 ? { ...row, [whose]: Number.NaN } : row));
      expect(judge(good, [champion(holed)], rules)).toEqual([
        {
          rule: "brier",
          sentence:
            "Without a probability by it or by the champion v3 are 1 of 400 incidents, so that the two cannot be compared.",
        },
      ]);
    },
  );
  test("lets nothing pass beside a rival without a single row in common", () => {
    expect(rulesOf(good, [champion([])], rules)).toEqual(["delayed"]);
  });
  test.each([
    [
      "certificate",
      {
        certificate: null,
        threshold: null,
        remark: "Only 12 past predictions were of incidents that needed a human.",
      },
    ],
    ["window", { windowMs: 600_000 }],
    ["features", { vanished: ["details.region"] }],
    ["suspicions", { suspicions: ["Its AUC of 0.999 is too good to be true."] }],
  ] as const)("names what fails: %s", (rule, change) => {
    const [failing, ...others] = judge({ ...good, ...change }, [champion(alike)], rules);
    expect(others).toEqual([]);
    expect(failing?.rule).toBe(rule);
    expect(failing?.sentence).toMatch(/\.$/);
  });
  test("attempts certification again only once a fifth more real incidents are known", () => {
    const after = (real: number, triedInVain: { real: number; since: number }) =>
      rulesOf({ ...good, real }, [], { ...rules, triedInVain });
    expect(after(119, { real: 100, since: 19 })).toEqual(["tried-lately"]);
    expect(after(120, { real: 100, since: 20 })).toEqual([]);
    // Of files that a person has accepted since, whose incidents were known long before.
    expect(after(120, { real: 100, since: 0 })).toEqual([]);
    // With a limit on drawn rows, newer ones displace older ones.
    expect(after(100, { real: 100, since: 19 })).toEqual(["tried-lately"]);
    expect(after(100, { real: 100, since: 20 })).toEqual([]);
  });
});
