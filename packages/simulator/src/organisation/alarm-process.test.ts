import { describe, expect, test } from "vitest";
import { type Alarm, alarmsOf } from "./alarm-process.ts";
import type { Monitor } from "./catalogue.ts";
import { createRandom } from "./random.ts";
import { isNight } from "./seasons.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const span = { from: 0, to: 400 * DAY, busy: 1 };
const monitor: Monitor = {
  kind: "flap",
  severity: "error",
  perDay: 2,
  real: 0.2,
  minutes: 3,
  spread: 0.5,
  title: () => "Latency",
};
const many = (kind: Monitor["kind"] = "flap"): readonly (readonly Alarm[])[] =>
  Array.from({ length: 40 }, (_, seed) => [
    ...alarmsOf(createRandom(seed, "temper"), span, { ...monitor, kind }),
  ]);
const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
/** How much one and the next go together, their own mean taken off. */
const following = (list: readonly number[]) => {
  const middle = mean(list);
  const off = list.map((one) => one - middle);
  return mean(off.slice(1).map((one, i) => one * (off[i] ?? 0))) / mean(off.map((one) => one * one));
};

describe("the alarms of a monitor", () => {
  const monitors = many();

  test("come as often as the catalogue says, and as often real, all in all", () => {
    const perDay = mean(monitors.map((alarms) => alarms.length / 400));
    expect(perDay).toBeGreaterThan(1.8);
    expect(perDay).toBeLessThan(2.2);
    const share = mean(monitors.map((alarms) => mean(alarms.map(({ real }) => real))));
    expect(share).toBeGreaterThan(0.12);
    expect(share).toBeLessThan(0.28);
  });

  test("come in patches: the time between them varies more than by chance alone, where it would vary as much as its mean", () => {
    const variation = monitors.map((alarms) => {
      const gaps = alarms
        .toSorted((a, b) => a.at - b.at)
        .flatMap(({ at }, i, all) => (i === 0 ? [] : [at - (all[i - 1]?.at ?? at)]));
      const middle = mean(gaps);
      return Math.sqrt(mean(gaps.map((gap) => (gap - middle) ** 2))) / middle;
    });
    expect(mean(variation)).toBeGreaterThan(1.15);
    expect(many("batch")[0]?.every(({ placeInBurst: placeInPatch }) => placeInPatch === 0)).toBe(true);
  });

  test("correlate within a burst and within weeks, both in being real and in how long they last", () => {
    const logOdds = ({ real }: Alarm) => Math.log(real / (1 - real));
    expect(mean(monitors.map((alarms) => following(alarms.map(logOdds))))).toBeGreaterThan(0.3);
    expect(
      mean(monitors.map((alarms) => following(alarms.map(({ minutes }) => Math.log(minutes))))),
    ).toBeGreaterThan(0.3);
    // Patches apart, what is left goes by weeks.
    const firsts = monitors.map((alarms) =>
      alarms.filter(({ placeInBurst: placeInPatch }) => placeInPatch === 0).map(logOdds),
    );
    const near = mean(firsts.map(following));
    expect(near).toBeGreaterThan(0.1);
    expect(near).toBeLessThan(0.6);
  });

  test("are real by day more often than by night", () => {
    const all = monitors.flat();
    const share = (night: boolean) =>
      mean(all.filter(({ at }) => isNight(at) === night).map(({ real }) => real));
    expect(share(false)).toBeGreaterThan(share(true) + 0.05);
  });
});
