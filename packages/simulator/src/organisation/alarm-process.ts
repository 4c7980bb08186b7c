import type { Monitor } from "./catalogue.ts";
import { moments, type Span } from "./moments.ts";
import type { Random } from "./random.ts";
import { batchAt, dayness, trafficAt } from "./seasons.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** What comes of one alarm: when it goes off, how likely only a person can mend it, and how long it lasts if not. */
export type Alarm = {
  readonly at: number;
  /** Its patch: what goes wrong in one go. The first alarm of each is 0. */
  readonly placeInPatch: number;
  readonly real: number;
  /** Median minutes. */
  readonly minutes: number;
};

/** How long an alarm stays as it is until somebody moves its limits or what it watches changes, on average. */
const REGIME = 40 * DAY;
/** How far an era is from the alarm's usual, in log odds of being real and in log minutes: standard deviations. */
const ERA_REAL = 1.1;
const ERA_MINUTES = 0.4;
/** The same of a patch. */
const PATCH_REAL = 1.6;
const PATCH_MINUTES = 0.6;
/** Log odds that spread so far raise a small share on average by half their variance; that much is taken back. */
const SPREAD = ERA_REAL ** 2 + PATCH_REAL ** 2;
/** How much by day and by night differ, at the most. */
const DAY_REAL = 2.4;
const DAY_MINUTES = 0.8;
/** Alarms of a patch beyond its first, and minutes between them: median and spread of the logarithm. */
const PATCH_MORE: Readonly<Record<Monitor["kind"], number>> = { flap: 1.2, saturation: 0.8, batch: 0 };
const PATCH_GAP = { median: 90, spread: 1.3 };

/**
 * The alarms of one monitor. What goes wrong comes in patches that hang together; by day more is real, for by day
 * people change things, and what passes by itself lasts longer, for there is load; and every few weeks the alarm is
 * another, because limits were moved or the thing that it watches has changed. How strong all this is was set by what
 * real monitors show: docs/decisions/0023.
 */
export function* alarmsOf(random: Random, span: Span, monitor: Monitor): Generator<Alarm> {
  const more = PATCH_MORE[monitor.kind];
  const season = monitor.kind === "batch" ? batchAt : trafficAt;
  const byDay = { real: random.between(0, DAY_REAL), minutes: random.between(0, DAY_MINUTES) };
  let regime = { until: span.from, real: 0, minutes: 0 };
  for (const start of moments(random, span, monitor.perDay / (1 + more), season)) {
    while (start >= regime.until)
      regime = {
        until: regime.until + random.exponential(REGIME),
        real: random.normal() * ERA_REAL,
        minutes: random.normal() * ERA_MINUTES,
      };
    const burst = { real: random.normal() * PATCH_REAL, minutes: random.normal() * PATCH_MINUTES };
    const alarms = 1 + (more === 0 ? 0 : Math.floor(random.exponential(1 / Math.log1p(1 / more))));
    for (let placeInPatch = 0, at = start; placeInPatch < alarms && at < span.to; placeInPatch++) {
      const day = dayness(at);
      yield {
        at,
        placeInPatch,
        real: shifted(monitor.real, regime.real + burst.real + byDay.real * day - SPREAD / 2),
        minutes: monitor.minutes * Math.exp(regime.minutes + burst.minutes + byDay.minutes * day),
      };
      at += Math.round(random.logNormal(PATCH_GAP.median, PATCH_GAP.spread) * MINUTE);
    }
  }
}

/** A probability moved by so much in log odds. */
const shifted = (p: number, by: number): number => 1 / (1 + ((1 - p) / p) * Math.exp(-by));
