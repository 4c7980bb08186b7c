import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CertifyingRow, certificateOf, certificateSentence, walkThresholds } from "./certificate.ts";
import { partsOfPast } from "./parts-of-past.ts";

const tenth = { budget: 0.1, delta: 0.1 };
const rowsOf = (list: readonly (readonly [probability: number, label: 0 | 1])[]): readonly CertifyingRow[] =>
  list.map(([probability, label], i) => ({ id: `Q${i}`, openedAt: i * 86_400_000, probability, label }));
/** So many real ones, the first few of them as likely as that. */
const real = (count: number, high: number, at = 0.95): readonly CertifyingRow[] =>
  rowsOf(Array.from({ length: count }, (_, i) => [i < high ? at : 0.2, 0]));

describe("the walk from the strictest threshold", () => {
  test("goes as far as the bound allows, and does not split ties", () => {
    const noise = rowsOf(Array.from({ length: 50 }, (_, i) => [0.6 + i / 200, 1]));
    // Of 100 real ones five may be held.
    const some = [...noise, ...real(100, 5, 0.7)];
    expect(walkThresholds(some, tenth)).toEqual({ lowest: 0.6, allowed: 5 });
    expect(walkThresholds([...noise, ...real(100, 6, 0.7)], tenth).lowest).toBeCloseTo(0.705);
  });

  test("without enough real incidents says how many are missing", () => {
    expect(walkThresholds(real(20, 0), tenth)).toMatchObject({ lowest: null, missingReal: 2 });
    const none = walkThresholds(rowsOf([[0.9, 1]]), tenth);
    expect(none).toMatchObject({ lowest: null, missingReal: 22, reason: expect.stringContaining("22") });
    expect(walkThresholds([], tenth).lowest).toBeNull();
  });

  test("certifies nothing where the strictest threshold holds too many, or all are real and tied", () => {
    expect(walkThresholds(real(100, 6, 0.99), tenth)).toMatchObject({
      lowest: null,
      missingReal: 0,
      reason: expect.stringContaining("strictest"),
    });
    expect(walkThresholds(real(100, 100), tenth).lowest).toBeNull();
  });

  test("a budget of 0 or 1 and a delta that is no chance are refused in a sentence", () => {
    for (const budget of [0, 1, -0.1, 2, Number.NaN])
      expect(() => walkThresholds(real(50, 0), { budget, delta: 0.1 })).toThrow(/miss budget/);
    for (const delta of [0, 0.6, -1, Number.NaN])
      expect(() => walkThresholds(real(50, 0), { budget: 0.1, delta })).toThrow(/delta/);
  });

  test("every threshold that it passes has a certificate within the budget, the next one has none", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom<0 | 1>(0, 1)), {
          minLength: 60,
          maxLength: 300,
        }),
        (drawn) => {
          const rows = rowsOf(drawn.map(([fortieth, label]) => [fortieth / 40, label]));
          const { lowest } = walkThresholds(rows, tenth);
          for (const probability of new Set(rows.map((row) => row.probability)))
            if (lowest !== null && probability >= lowest) {
              const { misses, missesAllowed, upperBound } = certificateOf(probability, rows, tenth);
              expect(misses).toBeLessThanOrEqual(missesAllowed);
              expect(upperBound).toBeLessThanOrEqual(0.1 + 1e-12);
            } else expect(() => certificateOf(probability, rows, tenth)).toThrow(RangeError);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("a row whose outcome without intervention is unknown", () => {
  const censored = (count: number, probability: number): readonly CertifyingRow[] =>
    Array.from({ length: count }, (_, i) => ({
      id: `C${i}`,
      openedAt: i,
      probability,
      label: 0,
      censored: true,
    }));
  test("is a miss where it would have been held", () => {
    expect(walkThresholds(real(100, 5), tenth).lowest).toBe(0.95);
    expect(walkThresholds([...real(100, 5), ...censored(5, 0.99)], tenth).lowest).toBe(0.99);
    const { real: counted, misses } = certificateOf(0.99, [...real(100, 5), ...censored(5, 0.99)], tenth);
    expect([counted, misses]).toEqual([105, 5]);
  });
  test("is no real one where it would have been paged: it makes no certificate out of too few", () => {
    const many = censored(500, 0.1);
    expect(walkThresholds([...real(20, 0), ...many], tenth)).toMatchObject({ lowest: null, missingReal: 2 });
    expect(walkThresholds([...real(100, 6), ...many], tenth).lowest).toBeNull();
    const { real: counted, misses } = certificateOf(0.9, [...real(100, 5), ...many], tenth);
    expect([counted, misses]).toEqual([100, 5]);
  });
});

test("a certificate names its counts and its time, and reads as a sentence", () => {
  const certificate = certificateOf(0.9, real(100, 5), tenth);
  expect(certificate).toEqual({
    ...tenth,
    real: 100,
    missesAllowed: 5,
    misses: 5,
    upperBound: expect.closeTo(0.0908, 4),
    threshold: 0.9,
    from: "1970-01-01T00:00:00.000Z",
    to: "1970-04-10T00:00:00.000Z",
  });
  expect(certificateSentence(certificate)).toBe(
    "With 90 % confidence, if what comes is like the past: at most 10 % of the incidents that need a human are delayed (of 100 such from 1970-01-01 to 1970-04-10 it would have held 5).",
  );
});

describe("the parts of the past", () => {
  const DAY = 86_400_000;
  const past = Array.from({ length: 600 }, (_, i) => ({ id: `Q${i}`, openedAt: i * DAY }));
  const daysOf = (rows: readonly { readonly openedAt: number }[]) =>
    rows.map(({ openedAt }) => openedAt / DAY);
  const from = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);
  test("rows opened within the days certify, and the rest is for choosing", () => {
    const { choosing, certifying } = partsOfPast(past.toReversed(), { days: 100 });
    expect(daysOf(choosing)).toEqual(from(0, 499));
    expect(daysOf(certifying)).toEqual(from(499, 600));
  });
  test.each([
    ["one a day", 1, 180, 700],
    ["two a day", 0.5, 180, 1_100],
    ["ten a day", 0.1, 180, 4_000],
    ["two a day, certified by half the days", 0.5, 90, 700],
  ])(
    "rows once used for choosing never certify, however the history grows: %s",
    (_what, every, days, most) => {
      const grown = Array.from({ length: most }, (_, i) => ({ id: `Q${i}`, openedAt: i * every * DAY }));
      const chose = new Set<string>();
      for (let length = 50; length <= most; length += Math.ceil(most / 25)) {
        const { choosing, certifying } = partsOfPast(grown.slice(0, length), { days });
        expect(
          certifying.filter(({ id }) => chose.has(id)),
          `of ${length}`,
        ).toEqual([]);
        for (const { id } of choosing) chose.add(id);
      }
      // In the end all that is young certifies.
      expect(partsOfPast(grown, { days }).certifying.length).toBeGreaterThanOrEqual(0.98 * (days / every));
    },
  );
  test("of a short past a third chooses too, whatever its rhythm, and no row does both", () => {
    const { choosing, certifying } = partsOfPast(past.slice(0, 200), { days: 179 });
    expect([...daysOf(choosing), ...daysOf(certifying)].sort((a, b) => a - b)).toEqual(from(0, 200));
    expect(daysOf(choosing).slice(0, 20)).toEqual(from(0, 20));
    for (const rhythm of [2, 3, 5, 7]) {
      const beat = daysOf(certifying).filter((day) => day % rhythm === 0).length;
      expect(beat / certifying.length).toBeGreaterThan(0.6 / rhythm);
      expect(beat / certifying.length).toBeLessThan(1.5 / rhythm);
    }
    expect(certifying.length / 180).toBeGreaterThan(0.55);
    expect(certifying.length / 180).toBeLessThan(0.78);
  });
  test("the last days are those of the past, however long ago it ended; an empty past gives nothing", () => {
    expect(partsOfPast(past.slice(0, 400), { days: 10 }).certifying.length).toBe(11);
    expect(partsOfPast([], { days: 180 })).toEqual({ choosing: [], certifying: [] });
  });
});
