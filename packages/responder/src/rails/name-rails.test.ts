import { applyChange, countNames, emptyRecord, NAMING_VERSION, type TrackRecord } from "@mrdata/incident";
import { learntNameIn } from "@mrdata/learning";
import { describe, expect, it } from "vitest";
import { holdable, NOW, observationOf, recordOf, rules, WINDOW } from "../observation.fixture.ts";
import { novelty, ownPast } from "./name-rails.ts";

type Site = { readonly title: string; readonly healed: number; readonly real?: number };

/** The record of a coarse name with these finer names below it. */
function recordAbove(level: 1 | 2, sites: readonly Site[]): TrackRecord {
  let record = emptyRecord(WINDOW, level);
  for (const { title, healed, real = 0 } of sites)
    for (let i = 0; i < healed + real; i++) {
      const outcome = i < healed ? "self-resolved" : "needed-human";
      const counts = countNames.map((name) =>
        name === "opened" || name === "closed" || name === outcome ? 1 : 0,
      );
      const after = { title, openedAt: NOW - 7_200_000, counts };
      record = applyChange(record, { before: null, after, events: 2, latest: NOW - 7_000_000 });
    }
  return record;
}

const sites = (count: number, healed = 8): readonly Site[] =>
  Array.from({ length: count }, (_, i) => ({ title: `site-${i}.example.com is down (HTTP 503)`, healed }));
const NEW = "new.example.com is down (HTTP 503)";

const judged = (
  general: readonly Site[],
  {
    title = NEW,
    own = [],
    words = [],
  }: { title?: string; own?: readonly TrackRecord[]; words?: readonly Site[] } = {},
) =>
  novelty.judge(
    holdable({
      observation: observationOf({
        title,
        nameRecords: [own, general.length === 0 ? [] : [recordAbove(1, general)], [recordAbove(2, words)]],
      }),
    }),
  );

describe("novelty: a site that was never seen", () => {
  it("is known where many of its kind behave alike, and the sentence says which level spoke", () => {
    expect(judged(sites(20))).toEqual({
      allowsHold: true,
      sentence: expect.stringMatching(
        /^This site has been seen 0 times, and 5 are needed. But 20 others of this kind of alarm .* at least 9\d %\.$/,
      ),
    });
  });

  it("is new where fewer than ten have three outcomes each, however many there are", () => {
    expect(judged(sites(9)).allowsHold).toBe(false);
    expect(judged([...sites(9), ...sites(40, 2).slice(9)]).allowsHold).toBe(false);
  });

  it("is new where their rates differ", () => {
    const differing = sites(20).map((site, i) => (i < 3 ? { ...site, healed: 0, real: 8 } : site));
    expect(judged(differing)).toEqual({
      allowsHold: false,
      sentence: expect.stringContaining("which is too little"),
    });
  });

  it.each([
    ["status code", "new.example.com is down (HTTP 404)"],
    ["environment", "new.staging.example.com is down (HTTP 503)"],
    ["port", "new.example.com:5432 is down (HTTP 503)"],
    ["priority", "new.example.com is down (HTTP 503) [P1]"],
  ])("is new where its %s is another", (_, title) => {
    expect(judged(sites(20), { title }).allowsHold).toBe(false);
  });

  it("is new where its own outcomes speak against it", () => {
    expect(judged(sites(20), { own: [recordOf(0, 3)] }).allowsHold).toBe(false);
  });

  it("is known by alarms of its words only where its kind was never seen", () => {
    const kinds = Array.from({ length: 20 }, (_, i) => ({ title: `disk ${i} is full`, healed: 8 }));
    const title = "disk is full";
    expect(judged([], { title, words: kinds }).allowsHold).toBe(false);
    const general = Array.from({ length: 20 }, (_, i) => ({
      title: `disk${"!".repeat(i + 1)} is full`,
      healed: 8,
    }));
    expect(judged([], { title, words: general })).toMatchObject({
      allowsHold: true,
      sentence: expect.stringContaining("alarms of these words"),
    });
    expect(judged([{ title, healed: 1 }], { title, words: general }).allowsHold).toBe(false);
  });
});

describe("a part of the title that a version has learnt to keep in the name", () => {
  const learnt = learntNameIn({
    naming: NAMING_VERSION,
    kept: [
      {
        service: "PDATABASE",
        name: "disk usage over <n>%",
        place: 0,
        values: [
          { value: "80", outcomes: 30, selfResolved: 30 },
          { value: "95", outcomes: 12, selfResolved: 0 },
        ],
      },
    ],
    volatile: [],
  });
  const judge = (title: string, novelty_ = 5) => {
    const usual = holdable();
    const circumstances = holdable({
      observation: observationOf({ title, nameRecords: [[recordOf(30, 12)], [], []] }),
      predictor: { ...usual.predictor, version: "v3", learntName: learnt },
      settings: { ...rules, novelty: novelty_ },
    });
    return [novelty, ownPast].map((rail) => rail.judge(circumstances).allowsHold);
  };

  it("is judged by its own past, and denied while it was never seen", () => {
    expect(judge("Disk usage over 80%")).toEqual([true, true]);
    expect(judge("Disk usage over 95%")).toEqual([true, false]);
    expect(judge("Disk usage over 99%")).toEqual([false, true]);
    expect(judge("Disk usage over 99%", 0)).toEqual([true, true]);
  });

  it("only adds denials: nothing that is denied without it is allowed with it", () => {
    const titles = ["Disk usage over 80%", "Disk usage over 95%", "Disk usage over 99%", "Fan is slow"];
    for (const title of titles)
      for (const nameRecords of [
        [[], [], []],
        [[recordOf(9)], [], []],
        [[recordOf(0, 9)], [], []],
      ] as const)
        for (const rail of [novelty, ownPast]) {
          const observation = observationOf({ title, nameRecords });
          const without = holdable({ observation });
          const withIt = holdable({ observation, predictor: { ...without.predictor, learntName: learnt } });
          if (rail.judge(withIt).allowsHold) expect(rail.judge(without).allowsHold).toBe(true);
        }
  });
});

describe("own-past: knowledge of similar alarms", () => {
  const own = (selfResolved: number, real: number, title = NEW) =>
    ownPast.judge(
      holdable({
        observation: observationOf({ title, nameRecords: [[recordOf(selfResolved, real)], [], []] }),
      }),
    );
  it("never holds a site that hardly ever resolved itself", () => {
    expect(own(0, 5)).toEqual({
      allowsHold: false,
      sentence: "0 of 5 incidents of this site itself resolved themselves.",
    });
    expect(own(9, 0).allowsHold).toBe(true);
  });
  it("is not used by the rate predictor, which needs the alarm's own outcomes", () => {
    expect(own(6, 3)).toEqual({ allowsHold: false, sentence: expect.stringContaining("is believed of it") });
  });
});
