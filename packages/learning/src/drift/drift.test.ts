import { createRandom } from "@mrdata/forest";
import { describe, expect, test } from "vitest";
import { calibrationDrift } from "./calibration-drift.ts";
import { changedShare } from "./changed-share.ts";

const YEARS = 20;
const SERVICES = 10;
const A_YEAR = 300;
const LINE = 20 * SERVICES * A_YEAR;

describe("a share that changes", () => {
  test.each([
    [0.95, 0.05],
    [0.9, 0.1],
    [0.8, 0.05],
    [0.7, 0.05],
    [0.05, 0.95],
  ])("from %d to %d is named within twenty incidents, in words that fit", (usual, changed) => {
    const random = createRandom(5);
    const draw = (share: number): 0 | 1 => (random.next() < share ? 1 : 0);
    for (let monitor = 0; monitor < 20; monitor++) {
      const rows = Array.from({ length: 120 }, () => draw(usual));
      let found = changedShare(rows, LINE);
      expect(found).toBeNull();
      for (let i = 0; i < 20 && found === null; i++) {
        rows.push(draw(changed));
        found = changedShare(rows, LINE);
      }
      expect(found, `monitor ${monitor}`).not.toBeNull();
      expect(Math.abs((found?.before.share ?? 1) - usual)).toBeLessThan(0.15);
      expect(found?.after.rows).toBeLessThanOrEqual(24);
    }
  });

  test(`is seen where there is none in no more than one of ${YEARS} years of ${SERVICES} monitors`, () => {
    const random = createRandom(9);
    let years = 0;
    for (let year = 0; year < YEARS; year++) {
      let alarmed = false;
      for (let service = 0; service < SERVICES; service++) {
        const share = random.next();
        const rows: (0 | 1)[] = [];
        for (let i = 0; i < A_YEAR; i++) {
          rows.push(random.next() < share ? 1 : 0);
          // As in a look at the last half year.
          if (changedShare(rows.slice(-A_YEAR / 2), LINE) !== null) alarmed = true;
        }
      }
      if (alarmed) years++;
    }
    expect(years).toBeLessThanOrEqual(1);
  });

  test("is not looked for where too little of the usual state is known", () => {
    expect(changedShare([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], LINE)).toBeNull();
    expect(changedShare([], LINE)).toBeNull();
  });
});

const LINE_OF_EITHER = 4 * 20 * 800;

describe("probabilities that no longer say how often it happens", () => {
  const said = (random: ReturnType<typeof createRandom>, count: number, off: number) =>
    Array.from({ length: count }, () => {
      const probability = 0.05 + 0.9 * random.next();
      const label: 0 | 1 = random.next() < Math.min(1, Math.max(0, probability + off)) ? 1 : 0;
      return { probability, label };
    });

  test("too sure, or not sure enough, are found", () => {
    expect(calibrationDrift(said(createRandom(1), 400, -0.25), LINE_OF_EITHER)).toMatchObject({
      kind: "sure",
    });
    expect(calibrationDrift(said(createRandom(2), 400, 0.25), LINE_OF_EITHER)).toMatchObject({
      kind: "unsure",
    });
  });
  test("and those that do are left alone, however often one looks: in forty years at most in two, the looks of half a year each", () => {
    const random = createRandom(3);
    let years = 0;
    for (let year = 0; year < 40; year++) {
      const rows = said(random, 1.5 * A_YEAR, 0);
      const looks = Array.from({ length: 52 }, (_, week) => Math.ceil((0.5 + week / 52) * A_YEAR));
      const isSeen = looks.some(
        (to) => calibrationDrift(rows.slice(to - A_YEAR / 2, to), 20 * A_YEAR) !== null,
      );
      if (isSeen) years++;
    }
    expect(years).toBeLessThanOrEqual(2);
    expect(calibrationDrift([], LINE_OF_EITHER)).toBeNull();
  });
});
