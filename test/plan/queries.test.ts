import { manifests } from "@mrdata/functions/manifests";
import { describe, expect, test } from "vitest";
import { alarmsOf } from "../../infra/plan/alarms.ts";
import { namesOf } from "../../infra/plan/names.ts";
import { someSettings } from "../../infra/plan/plan.fixture.ts";
import { answerOf, type Series, wrongIn } from "../support/promql.ts";

const names = namesOf({ ...someSettings, suffix: "-two" });
const queries = new Map(
  alarmsOf(manifests, names).flatMap((alarm) => (alarm.kind === "query" ? [[alarm.slug, alarm.query]] : [])),
);
/** How many seconds a query has to hold before anybody is told. */
const lasting = (slug: string): number => {
  const alarm = alarmsOf(manifests, names).find((one) => one.slug === slug);
  if (alarm === undefined) throw new Error(`no alarm ${slug}`);
  return Number(alarm.lasting.replace(/s$/, ""));
};
const fires = (slug: string, series: Series): boolean => {
  const query = queries.get(slug);
  if (query === undefined) throw new Error(`no query ${slug}`);
  return answerOf(query, series) !== null;
};
/** Counts by the end of the metric's name, the same in every window where there is one number. */
const counts =
  (by: Readonly<Record<string, number | Readonly<Record<string, number>>>>): Series =>
  (name, _labels, within) => {
    const [, of] = Object.entries(by).find(([end]) => name.endsWith(`_two_${end}`)) ?? [];
    return of === undefined ? null : typeof of === "number" ? of : (of[within] ?? null);
  };

test.each([...queries])(
  "the alarm %s asks in what Prometheus' grammar takes, of services of ours",
  (_, query) => {
    expect(wrongIn(query)).toEqual([]);
    expect(wrongIn(query.replace(")", ""))).not.toEqual([]);
    for (const [metric] of query.matchAll(/\w+:\w+\{[^}]*\}/g))
      expect(metric).toMatch(/user_mrdata_two_|service_name="mrdata-\w+-two"/);
  },
);

describe.each([
  ["decided", "decisions_in_time"],
  ["paged", "pages_in_time"],
])("the objective '%s'", (slug, good) => {
  const fast = `slo-${slug}-fast`;
  const slow = `slo-${slug}-slow`;

  test("wakes nobody while all is in time, and nobody where nothing opens", () => {
    for (const one of [fast, slow]) {
      expect(fires(one, counts({ openings: 1_000, [good]: 1_000 }))).toBe(false);
      expect(fires(one, () => null)).toBe(false);
    }
  });

  test.each([
    [4, 4, false],
    [12, 4, false],
    [12, 5, true],
    [30, 5, true],
    [40, 5, false],
    [10_000, 1_000, false],
    [10_000, 1_500, true],
  ])("of %d openings in an hour %d bad ones wake somebody: %s", (openings, bad, expected) => {
    expect(fires(fast, counts({ openings, [good]: openings - bad }))).toBe(expected);
  });

  test("a slow loss wakes by the long windows alone", () => {
    const series = counts({ openings: 1_000, [good]: 930 });
    expect([fires(fast, series), fires(slow, series)]).toEqual([false, true]);
  });

  test("what is over wakes nobody: the short window is good again", () => {
    const over = (long: string, short: string) =>
      counts({ openings: { [long]: 100, [short]: 10 }, [good]: { [long]: 50, [short]: 10 } });
    expect(fires(fast, over("1h", "5m"))).toBe(false);
    expect(fires(slow, over("6h", "30m"))).toBe(false);
  });

  test("what is still under way, or counted by one function and not yet by the other, wakes nobody within a minute", () => {
    const storm = counts({ openings: 40, [good]: 5 });
    expect(fires(fast, storm)).toBe(true);
    expect(fires(fast, counts({ openings: 40, [good]: 40 }))).toBe(false);
    // In time is within a minute, and metrics of logs come some seconds apart.
    for (const one of [fast, slow]) expect(lasting(one)).toBeGreaterThanOrEqual(120);
  });

  test("where nothing was ever in time, that is no missing answer but a loss", () => {
    expect(fires(fast, counts({ openings: 12 }))).toBe(true);
  });
});

describe("a function that fails", () => {
  const answered =
    (all: number, errors: number): Series =>
    (_name, labels) =>
      labels.response_code_class === "5xx" ? errors : all;
  test.each(["receive", "respond", "record", "sweep"])("%s wakes by more than a single error", (name) => {
    expect(fires(`${name}-5xx`, answered(1, 1))).toBe(false);
    expect(fires(`${name}-5xx`, answered(4, 4))).toBe(false);
    expect(fires(`${name}-5xx`, answered(1_000, 20))).toBe(false);
    expect(fires(`${name}-5xx`, answered(10, 5))).toBe(true);
    expect(fires(`${name}-5xx`, () => null)).toBe(false);
  });
});

describe("a sweep that does not run", () => {
  test("is told of where it stopped, and where it never ran", () => {
    expect(fires("sweep-silent", counts({ sweep_done: 5 }))).toBe(false);
    expect(fires("sweep-silent", counts({ sweep_done: 1 }))).toBe(false);
    expect(fires("sweep-silent", counts({ sweep_done: 0 }))).toBe(true);
    expect(fires("sweep-silent", () => null)).toBe(true);
  });
  test("is not told of while the first runs come", () => {
    expect(lasting("sweep-silent")).toBeGreaterThanOrEqual(240);
  });
});

describe("the probe", () => {
  const heard =
    (respond: number | null, record: number | null, age: number | null): Series =>
    (name, labels) =>
      name.endsWith("_bucket") ? age : labels.function === "respond" ? respond : record;
  test("is well where both ends heard it, and it was young", () => {
    expect(fires("probe-late", heard(3, 3, 4))).toBe(false);
    expect(fires("probe-late", heard(1, 1, 59))).toBe(false);
  });
  test.each([
    ["respond hears nothing", heard(0, 3, 4)],
    ["record hears nothing", heard(3, 0, 4)],
    ["it comes late", heard(3, 3, 70)],
    ["it never came", heard(null, null, null)],
    ["record never heard it", heard(3, null, 4)],
  ])("wakes somebody where %s", (_, series) => {
    expect(fires("probe-late", series)).toBe(true);
  });
  test.each([
    [[4, 5, 119], false],
    [[119, 4, 119], true],
    [[119], true],
    [[4, 4, 4], false],
  ])("that took %j seconds wakes somebody: %s", (ages, expected) => {
    const series: Series = (name, _labels, _within, share) =>
      name.endsWith("_bucket") && share !== null
        ? (ages.toSorted((a, b) => a - b)[Math.ceil(share * ages.length) - 1] ?? null)
        : ages.length;
    expect(fires("probe-late", series)).toBe(expected);
  });
  test.each(["respond", "record"])("wakes somebody where it comes late to %s alone", (end) => {
    const series: Series = (name, labels) =>
      !name.endsWith("_bucket") ? 3 : labels.function === undefined ? 4 : labels.function === end ? 90 : 4;
    expect(fires("probe-late", series)).toBe(true);
  });
  test("is not missed before the first can have come", () => {
    expect(lasting("probe-late")).toBeGreaterThanOrEqual(480);
  });
});
