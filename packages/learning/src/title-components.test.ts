import { createRandom } from "@mrdata/forest";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitTitleComponents, wordsOfComponents } from "./fit-title-components.ts";
import { quickLearners } from "./history.fixture.ts";
import { withComponents } from "./refit.ts";
import { componentColumns, componentsOf } from "./title-components.ts";
import { TITLE_PLACES, titlePlaces, titleWordsOf } from "./title-words.ts";

/** Titles of a few groups, each with words of its own: counts of words that lie in as many directions as there are groups, less one. */
const GROUPS = ["disk usage full", "checkout answers slowly", "replica lags behind", "certificate expires"];
const titled = (titles: readonly string[]) => titles.map((title) => ({ title }));
const allRows = (count: number) => Int32Array.from(Array(count).keys());
const fitOn = (titles: readonly string[], count: number) =>
  fitTitleComponents(titleWordsOf(titled(titles)), allRows(titles.length), count);

/** Hashed counts of a title, as the components see them. */
function countsOf(title: string): Float64Array {
  const counts = new Float64Array(TITLE_PLACES);
  for (const place of titlePlaces(title)) counts[place] = (counts[place] ?? 0) + 1;
  return counts;
}

describe("components of titles", () => {
  test("of two groups of titles that come equally often are one: half of what each word has, one group against the other", () => {
    const [component, ...others] = fitOn(["disk full", "replica lags", "disk full", "replica lags"], 8);
    expect(others).toEqual([]);
    const weightOf = (word: string) => Math.abs(component?.loadings[titlePlaces(word)[0] ?? -1] ?? 0);
    for (const word of ["disk", "full", "replica", "lags"]) expect(weightOf(word)).toBeCloseTo(0.5, 6);
    expect(component?.mean).toBeCloseTo(0, 6);
  });

  test("find the groups that were planted: as few as there are, and titles are made of them again", () => {
    const random = createRandom(1);
    const titles = Array.from({ length: 200 }, () => GROUPS[random.below(GROUPS.length)] ?? "");
    const components = fitOn(titles, 16);
    expect(components).toHaveLength(GROUPS.length - 1);
    const mean = new Float64Array(TITLE_PLACES);
    for (const title of titles)
      for (const [place, count] of countsOf(title).entries())
        mean[place] = (mean[place] ?? 0) + count / titles.length;
    for (const title of GROUPS) {
      const values = componentsOf(components, title);
      const made = mean.map((one, place) =>
        values.reduce((sum, value, k) => sum + value * (components[k]?.loadings[place] ?? 0), one),
      );
      for (const [place, count] of countsOf(title).entries()) expect(made[place]).toBeCloseTo(count, 4);
    }
  });

  test("are described by their strongest words, and by those against them", () => {
    const titles = Array.from({ length: 90 }, (_, i) => GROUPS[i % 3 === 0 ? 1 : 0] ?? "");
    const about = wordsOfComponents(fitOn(titles, 4), titled(titles));
    expect(about).toHaveLength(1);
    const sides = about[0]?.split("; less of ").map((side) => side.split(", ").toSorted());
    expect(sides?.toSorted()).toEqual([
      ["answers", "checkout", "slowly"],
      ["disk", "full", "usage"],
    ]);
  });

  test("are the same whatever the order of the rows, the heaviest word of each adds, and the weightiest comes first", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...GROUPS, "disk lags", "checkout expires full", ""), { minLength: 2 }),
        (titles) => {
          const components = fitOn(titles, 4);
          expect(fitOn(titles.toReversed(), 4)).toEqual(components);
          for (const { loadings } of components)
            expect(Math.max(...loadings)).toBeGreaterThanOrEqual(-Math.min(...loadings));
          const spreads = componentColumns(components, titleWordsOf(titled(titles))).map((column) =>
            column.reduce((sum, value) => sum + value ** 2, 0),
          );
          expect(spreads.every((spread, k) => spread >= (spreads[k + 1] ?? 0) - 1e-4)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("of titles that are all alike, or of none, are none", () => {
    expect(fitOn(["disk full", "disk full"], 8)).toEqual([]);
    expect(fitOn(["", ""], 8)).toEqual([]);
    expect(fitOn([], 8)).toEqual([]);
  });

  test("are identical numbers for a served title and for the training column", () => {
    const titles = [...GROUPS, ...GROUPS, "disk lags"];
    const asWritten = [...titles, "Disk usage 91% full on host-17", "never seen", ""];
    const components = fitOn(titles, 8);
    const columns = componentColumns(components, titleWordsOf(titled(asWritten)));
    for (const [i, title] of asWritten.entries())
      expect(Float32Array.from(componentsOf(components, title))).toEqual(
        Float32Array.from(columns, (column) => column[i] ?? Number.NaN),
      );
    // As they come back from a version's file.
    expect(JSON.parse(JSON.stringify(components))).toEqual(components);
  });
});

test("a block is predicted by components of its training titles alone: held-out titles change none of them", () => {
  const titles = Array.from({ length: 60 }, (_, i) => GROUPS[(i * 7) % GROUPS.length] ?? "");
  const settings = { ...quickLearners, worded: { ...quickLearners.worded, components: 4 as const } };
  const jobOf = (all: readonly string[], known: Int32Array) =>
    withComponents({
      columns: [Float32Array.from(all.keys())],
      labels: new Uint8Array(all.length),
      censored: new Uint8Array(all.length),
      known,
      start: 40,
      end: 60,
      seed: 1,
      trees: 1,
      way: "negative",
      rough: false,
      settings,
      titleWords: titleWordsOf(titled(all)),
    });
  // Row 7 has not been known either.
  const known = allRows(40).filter((row) => row !== 7);
  const before = jobOf(titles, known);
  expect(before.components).toBe(3);
  const changed = titles.map((title, row) => (row >= 40 || row === 7 ? "quite another alarm" : title));
  const after = jobOf(changed, known);
  const learnt = (columns: readonly Float32Array[]) =>
    columns.map((column) => Float32Array.from(known, (row) => column[row] ?? Number.NaN));
  expect(learnt(after.columns)).toEqual(learnt(before.columns));
  // Training titles do change them.
  const others = titles.map((title, row) => (row === 3 ? "quite another alarm" : title));
  expect(learnt(jobOf(others, known).columns)).not.toEqual(learnt(before.columns));
  const { titleWords: _, ...without } = before;
  expect(() => withComponents(without)).toThrow("the words that components are made of are not there");
});
