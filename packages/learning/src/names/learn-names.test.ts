import { createRandom } from "@mrdata/forest";
import { NAMING_VERSION, namesOf } from "@mrdata/incident";
import { describe, expect, it } from "vitest";
import { learnNames, type NamedOutcome } from "./learn-names.ts";
import { learntNameIn, whyLearnt } from "./learnt-names.ts";

/** This many incidents of each title in turn, of which the given share resolved itself. */
function outcomesOf(
  titles: readonly (readonly [title: string, share: number])[],
  each: number,
  seed = 1,
): readonly NamedOutcome[] {
  const random = createRandom(seed);
  return Array.from({ length: each }, () =>
    titles.map(([title, share]): NamedOutcome => {
      return { service: "PSVC001", title, label: random.next() < share ? 1 : 0 };
    }),
  ).flat();
}

const kindOf = (outcomes: readonly NamedOutcome[], title: string) =>
  learntNameIn(learnNames(outcomes))("PSVC001", title)?.kind ?? null;

const WORDS = "ada bob cleo dan eve finn gus hana ivo june kim lars mia nora otto pia".split(" ");
const many = (make: (word: string) => string, shareOf: (i: number) => number = () => 0.9) =>
  WORDS.map((word, i): [string, number] => [make(word), shareOf(i)]);

describe("a part that is taken out of a name", () => {
  it.each([
    ["a share", "Disk usage over 80%", "Disk usage over 95%"],
    ["a duration", "Heartbeat missed for 5 minutes", "Heartbeat missed for 1 hour"],
    ["a size", "Free memory below 2GB", "Free memory below 200MB"],
    ["one of two values", "p95 latency above 500ms for 10m", "p95 latency above 3s for 10m"],
    ["a count", "12 pods are pending", "3 pods are pending"],
  ])("is kept where it takes few values with different outcomes: %s", (_, heals, stays) => {
    expect(namesOf(heals)[0]).toBe(namesOf(stays)[0]);
    const outcomes = outcomesOf(
      [
        [heals, 1],
        [stays, 0],
      ],
      12,
    );
    const learnt = learntNameIn(learnNames(outcomes));
    const [good, bad] = [learnt("PSVC001", heals), learnt("PSVC001", stays)];
    expect(good).toMatchObject({ kind: "kept", outcomes: 12, selfResolved: 12, values: 2 });
    expect(bad).toMatchObject({ kind: "kept", outcomes: 12, selfResolved: 0 });
    expect(good?.name).not.toBe(bad?.name);
    expect(good === null ? "" : whyLearnt(good)).toContain("of 12 with this one 12 resolved themselves");
    expect(learnt("PSVC002", stays)).toBeNull();
  });

  it("of which a value was never seen is known by nothing", () => {
    const outcomes = outcomesOf(
      [
        ["Disk usage over 80%", 1],
        ["Disk usage over 95%", 0],
      ],
      12,
    );
    expect(learntNameIn(learnNames(outcomes))("PSVC001", "Disk usage over 99%")).toMatchObject({
      part: "99",
      outcomes: 0,
    });
  });

  it("stays out where its few values have the same outcomes, and where it is another one each time", () => {
    const alike = outcomesOf(
      [
        ["Disk usage over 80%", 0.5],
        ["Disk usage over 95%", 0.5],
      ],
      20,
    );
    expect(kindOf(alike, "Disk usage over 80%")).toBeNull();
    const measured = Array.from({ length: 400 }, (_, i): NamedOutcome => {
      const load = (i * 37) % 100;
      return { service: "PSVC001", title: `Load is ${load}.${i % 10}%`, label: load < 50 ? 1 : 0 };
    });
    expect(kindOf(measured, "Load is 12.0%")).toBeNull();
  });
});

describe("a word of a name", () => {
  it.each([
    ["a customer", (word: string) => `Sync failed for tenant ${word}`],
    ["a job in the middle", (word: string) => `Backup of ${word} did not finish`],
    ["a word with signs", (word: string) => `Login of user:${word} took too long`],
  ])("is volatile where it takes many values with the same outcomes: %s", (_, make) => {
    const outcomes = outcomesOf(many(make), 4);
    const found = learntNameIn(learnNames(outcomes))("PSVC001", make("zoe"));
    expect(found).toMatchObject({ kind: "volatile", outcomes: 64, values: 16 });
    expect(found?.name).toContain("<*>");
  });

  it.each([
    [
      "outcomes differ",
      many(
        (word) => `Sync failed for tenant ${word}`,
        (i) => i % 2,
      ),
    ],
    ["there are few", many((word) => `Sync failed for tenant ${word}`).slice(0, 9)],
    ["too little would be left", many((word) => `${word} failed`)],
    [
      "it is guarded",
      Array.from({ length: 16 }, (_, i): [string, number] => [`Sync with port :80${10 + i} failed`, 0.9]),
    ],
  ])("is part of it where %s", (_, titles) => {
    const outcomes = outcomesOf(titles, 8);
    for (const [title] of titles) expect(kindOf(outcomes, title)).toBeNull();
  });
});

describe("the learnt names", () => {
  it("are the same for the same outcomes, and empty without any or under another naming version", () => {
    const outcomes = outcomesOf(
      many((word) => `Sync failed for tenant ${word}`),
      4,
    );
    const learnt = learnNames(outcomes);
    expect(learnNames(outcomes)).toEqual(learnt);
    expect(JSON.parse(JSON.stringify(learnt))).toEqual(learnt);
    expect(learnNames([])).toEqual({ naming: NAMING_VERSION, kept: [], volatile: [] });
    expect(
      learntNameIn({ ...learnt, naming: NAMING_VERSION + 1 })("PSVC001", outcomes[0]?.title ?? ""),
    ).toBeNull();
  });

  it("is bounded, however many names there are", () => {
    const outcomes = Array.from({ length: 200 }, (_, i): NamedOutcome => {
      const word = [...String(i)].map((digit) => "abcdefghij"[Number(digit)]).join("");
      return { service: "PSVC001", title: `job ${word} is late again`, label: 1 };
    });
    const [volatile] = learnNames(outcomes, { maxNames: 40 }).volatile;
    expect(volatile?.values).toBe(40);
    expect(learnNames(outcomes).volatile[0]?.values).toBe(200);
  });
});
