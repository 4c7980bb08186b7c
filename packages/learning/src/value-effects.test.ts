import { createRandom } from "@mrdata/forest";
import { knownAt, type PastIncident, selfResolved } from "@mrdata/incident";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { detailColumns } from "./detail-columns.ts";
import { effectColumn, fitValueEffects } from "./fit-value-effects.ts";
import { START } from "./history.fixture.ts";
import { effectOf, valuesOf } from "./value-effects.ts";

const MINUTE = 60_000;
const WINDOW = 30 * MINUTE;
const NAMES = ["a", "b", "c", "d", "e", "f"];

/**
 * Six details of ten values each, every one of which changes the odds, on three services; the title is uninformative.
 */
function manyTexts(count: number, seed = 1): readonly PastIncident[] {
  const random = createRandom(seed);
  const effects = NAMES.map(() => Array.from({ length: 10 }, () => 2.4 * (random.next() - 0.5)));
  return Array.from({ length: count }, (_, i): PastIncident => {
    const values = NAMES.map(() => random.below(10));
    const odds = values.reduce((sum, value, k) => sum + (effects[k]?.[value] ?? 0), 0);
    const itself = random.next() < 1 / (1 + Math.exp(-odds));
    const createdAt = START + i * 20 * MINUTE;
    return {
      id: `PINC${String(i).padStart(5, "0")}`,
      service: `PSVC${random.below(3)}`,
      title: "A ticket was opened",
      createdAt,
      resolvedAt: createdAt + (itself ? 5 : 90) * MINUTE,
      resolvedBy: itself ? "integration" : "human",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: Object.fromEntries(NAMES.map((name, k) => [name, `${name}-${values[k]}`])),
    };
  });
}

/** The share of pairs of one that cleared and one that did not in which the former was said to be likelier. */
function areaUnder(answers: readonly number[], labels: readonly number[]): number {
  const [ones, zeros] = [1, 0].map((label) => answers.filter((_, i) => labels[i] === label));
  const wins = (ones ?? []).map((one) => (zeros ?? []).filter((zero) => zero < one).length);
  return wins.reduce((sum, one) => sum + one, 0) / ((ones?.length ?? 0) * (zeros?.length ?? 0));
}

describe("the values of an incident", () => {
  test("are its service, its details, and the words of its title, numbers with the word before them", () => {
    const values = valuesOf({
      service: "PSVC1",
      title: "Category 3: symptom 17",
      texts: { region: "north", code: 7 },
    });
    expect(values).toEqual([
      "service PSVC1",
      "detail region=north",
      "detail code=7",
      "title category",
      "title category 3",
      "title symptom",
      "title symptom 17",
    ]);
  });

  test("are few for any title, and the same twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 500 }), (title) => {
        const of = () => valuesOf({ service: "P", title, texts: {} });
        expect(of()).toEqual(of());
        expect(of().length).toBeLessThanOrEqual(301);
      }),
      { numRuns: 50 },
    );
  });
});

describe("the effects of values across services", () => {
  const history = manyTexts(1_000);
  const labels = history.map((past) => (selfResolved(past, WINDOW) ? 1 : 0));

  test("are used where there are many texts, and not where there are few", () => {
    expect(detailColumns(history, WINDOW).effects).toBe(true);
    const few = history.map((past) => ({ ...past, details: { a: past.details.a ?? "" } }));
    expect(detailColumns(few, WINDOW).effects).toBeUndefined();
  });

  test("separate the outcomes of later incidents", () => {
    const later = [...effectColumn(history, WINDOW, NAMES)].slice(600);
    expect(areaUnder(later, labels.slice(600))).toBeGreaterThan(0.7);
  });

  test("use nothing that is not known when an incident opens", () => {
    const column = effectColumn(history, WINDOW, NAMES);
    const at = history[700]?.createdAt ?? 0;
    // Whatever becomes of those that have no outcome yet, and of all that open later.
    const otherwise = history.map((past) =>
      knownAt(past, WINDOW) <= at ? past : { ...past, resolvedBy: "human" as const, resolvedAt: null },
    );
    expect(effectColumn(otherwise, WINDOW, NAMES).slice(0, 701)).toEqual(column.slice(0, 701));
    expect(effectColumn(otherwise, WINDOW, NAMES).slice(950)).not.toEqual(column.slice(950));
  });

  test("are missing while next to nothing is known", () => {
    const column = effectColumn(history.slice(0, 40), WINDOW, NAMES);
    expect([...column].every(Number.isNaN)).toBe(true);
  });

  test("stored with a version give an incident the sum of its values, and ignore unknown ones", () => {
    const now = (history[700]?.createdAt ?? 0) + 1;
    const kept = fitValueEffects(history, { windowMs: WINDOW, texts: NAMES, now });
    expect(kept).toEqual(fitValueEffects(history.toReversed(), { windowMs: WINDOW, texts: NAMES, now }));
    const answers = history.slice(700).map(({ service, title, details }) =>
      effectOf(kept, {
        service,
        title,
        texts: Object.fromEntries(NAMES.map((name) => [name, details[name] ?? ""])),
      }),
    );
    expect(areaUnder(answers, labels.slice(700))).toBeGreaterThan(0.7);
    expect(effectOf(kept, { service: "PNEW", title: "Unheard of", texts: { a: "a-99" } })).toBe(kept.base);
  });

  test("are limited in number to the most frequent values", () => {
    const options = { windowMs: WINDOW, texts: NAMES, now: Number.MAX_SAFE_INTEGER };
    const few = fitValueEffects(history, { ...options, mostKept: 5 }).effects;
    expect(Object.keys(few)).toHaveLength(5);
    // Every incident has the words of its title, and each value of a detail one in ten.
    expect(Object.keys(few)).toEqual(
      expect.arrayContaining(["title a", "title ticket", "title was", "title opened"]),
    );
    expect(fitValueEffects(history, options).effects).toMatchObject(few);
  });

  test("of texts that are names of an object's own, or in other scripts, is as of any", () => {
    const odd = history.map((past) => ({
      ...past,
      title: "支払い ３ 番目 — \u{1f525}",
      details: { ...past.details, a: past.details.a === "a-1" ? "__proto__" : "constructor" },
    }));
    const { effects } = fitValueEffects(odd, {
      windowMs: WINDOW,
      texts: NAMES,
      now: Number.MAX_SAFE_INTEGER,
    });
    expect(Object.keys(effects)).toEqual(
      expect.arrayContaining(["detail a=__proto__", "detail a=constructor", "title 支払い"]),
    );
    expect(Object.values(effects).every(Number.isFinite)).toBe(true);
  });

  test("has an answer where all ended alike", () => {
    const alike = history.map((past) => ({
      ...past,
      resolvedBy: "integration" as const,
      resolvedAt: past.createdAt + 1,
    }));
    const kept = fitValueEffects(alike, { windowMs: WINDOW, texts: NAMES, now: Number.MAX_SAFE_INTEGER });
    expect(Object.values(kept.effects).every(Number.isFinite)).toBe(true);
    expect(kept.base).toBeGreaterThan(2);
  });
});
