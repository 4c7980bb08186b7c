import { outcomeOf, timelineOf } from "@mrdata/incident";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { episodeKinds } from "./episode.ts";
import { historyOf } from "./history.ts";
import { createOrganisation } from "./organisation.ts";
import { createRandom } from "./random.ts";
import { isNight } from "./seasons.ts";

const DAY = 86_400_000;
const to = Date.parse("2026-03-02T08:00:00Z");
const from = to - 60 * DAY;
const sixtyDays = (seed: number) => createOrganisation({ seed, from, to, bot: null });

describe("an organisation", () => {
  test("is all of its seed", () => {
    expect(sixtyDays(7).episodes).toEqual(sixtyDays(7).episodes);
    expect(sixtyDays(8).episodes).not.toEqual(sixtyDays(7).episodes);
  });

  test("goes wrong about as often as a real one, and in every way", () => {
    for (const seed of [1, 2, 3]) {
      const { episodes } = sixtyDays(seed);
      const perDay = episodes.length / 60;
      expect(perDay).toBeGreaterThan(30);
      expect(perDay).toBeLessThan(110);
      const perNight = episodes.filter(({ startsAt }) => isNight(startsAt)).length / 60;
      expect(perNight).toBeGreaterThan(8);
      expect(perNight).toBeLessThan(45);
      expect(new Set(episodes.map(({ kind }) => kind))).toEqual(new Set(episodeKinds));
    }
  });

  test("never ends an episode before it begins, and clears by itself only what needs no person", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (seed) => {
        for (const { startsAt, clearsAt, needsHuman, fix } of createOrganisation({
          seed,
          from: to - 10 * DAY,
          to,
          bot: null,
        }).episodes) {
          expect(clearsAt === null).toBe(needsHuman);
          if (clearsAt !== null) expect(clearsAt).toBeGreaterThan(startsAt);
          if (needsHuman) expect(fix).toBeGreaterThan(0);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("has an alarm that is noise at first and means it in the end", () => {
    const { episodes } = sixtyDays(1);
    const turned = episodes.filter(({ kind }) => kind === "drift");
    const service = turned[0]?.service;
    const before = episodes.filter((one) => one.kind === "flap" && one.service === service);
    const share = (list: typeof episodes) => list.filter(({ needsHuman }) => needsHuman).length / list.length;
    expect(share(before)).toBeLessThan(0.1);
    expect(share(turned)).toBeGreaterThan(0.6);
  });

  test("with the bot puts it alone on level 1 of every service's policy, and on none of the fallback's", () => {
    const { account, bot, fallbackPolicy } = createOrganisation({
      seed: 1,
      from,
      to,
      bot: { timeoutMinutes: 5 },
    });
    for (const { policyId } of account.services) {
      const levels = account.policies.find(({ id }) => id === policyId)?.rules ?? [];
      expect(levels.map(({ targets }) => targets.map(({ id }) => id).includes(bot.id))).toEqual([
        true,
        false,
        false,
        false,
      ]);
    }
    expect(JSON.stringify(account.policies.find(({ id }) => id === fallbackPolicy))).not.toContain(bot.id);
  });
});

describe("its history", () => {
  test("is the same for a seed, and looks like one: noise, real incidents, merges, hands and monitors", async () => {
    const organisation = createOrganisation({ seed: 3, from: to - 20 * DAY, to, bot: null });
    const play = () => historyOf(organisation, { seed: 3, from: to - 20 * DAY, to });
    const events = await play();
    expect(await play()).toEqual(events);
    const byIncident = Map.groupBy(events, ({ incident }) => incident);
    const outcomes = [...byIncident.values()].map(
      (list) => outcomeOf(timelineOf(list), { windowMs: 300_000 }, to)?.outcome ?? null,
    );
    const share = (outcome: string) => outcomes.filter((one) => one === outcome).length / outcomes.length;
    expect(share("self-resolved")).toBeGreaterThan(0.4);
    expect(share("self-resolved")).toBeLessThan(0.85);
    expect(share("needed-human")).toBeGreaterThan(0.1);
    expect(share("merged")).toBeGreaterThan(0);
    const kinds = new Set(events.map(({ type, actor }) => `${type} ${actor}`));
    for (const kind of [
      "triggered integration",
      "acknowledged human",
      "resolved integration",
      "resolved human",
      "escalated automation",
      "annotated human",
    ])
      expect(kinds).toContain(kind);
  });
});

describe("chance", () => {
  test("has a stream of its own for each name", () => {
    const draw = (seed: number, name: string) => createRandom(seed, name).next();
    expect(draw(1, "a")).toBe(draw(1, "a"));
    expect(draw(1, "a")).not.toBe(draw(1, "b"));
    expect(draw(1, "a")).not.toBe(draw(2, "a"));
  });

  test("draws what it says: medians and means", () => {
    const random = createRandom(1, "test");
    const many = (draw: () => number) => Array.from({ length: 20_000 }, draw).toSorted((a, b) => a - b);
    expect(many(() => random.logNormal(5, 0.8))[10_000]).toBeCloseTo(5, 0);
    const waits = many(() => random.exponential(3));
    expect(waits.reduce((a, b) => a + b) / waits.length).toBeCloseTo(3, 0);
    expect(new Set(many(() => random.whole(1, 3)))).toEqual(new Set([1, 2, 3]));
  });
});
