import type { Monitor } from "./catalogue.ts";
import { moments, type Span } from "./moments.ts";
import type { Random } from "./random.ts";
import { batchAt, dayness, trafficAt } from "./seasons.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** What comes of one alarm: when it goes off, how likely it is that only a person can fix it, and how long it lasts if not. */
export type Alarm = {
  readonly at: number;
  /** Its place in its burst, a run of alarms with one cause. The first alarm of each is 0. */
  readonly placeInBurst: number;
  readonly real: number;
  /** Median minutes. */
  readonly minutes: number;
};

/** Mean length of a regime: how long an alarm behaves alike until somebody moves its limits or what it watches changes. */
const REGIME_MS = 40 * DAY;
/** How far a regime is from the alarm's usual, in log odds of being real and in log minutes: standard deviations. */
const REGIME_REAL = 1.1;
const REGIME_MINUTES = 0.4;
/** The same for a burst. */
const BURST_REAL = 1.6;
const BURST_MINUTES = 0.6;
/** Log odds with this variance raise a small share by half of it on average; that much is subtracted. */
const SPREAD = REGIME_REAL ** 2 + BURST_REAL ** 2;
/** The largest difference between day and night. */
const DAY_REAL = 2.4;
const DAY_MINUTES = 0.8;
/** Alarms of a burst beyond its first, and minutes between them: median and spread of the logarithm. */
const BURST_MORE: Readonly<Record<Monitor["kind"], number>> = { flap: 1.2, saturation: 0.8, batch: 0 };
const BURST_GAP_MINUTES = { median: 90, spread: 1.3 };

/**
 * The alarms of one monitor. They come in bursts with a common cause; by day more of them are real, because by day
 * people change things, and what passes by itself lasts longer, because there is load; and every few weeks the regime
 * changes, because limits were moved or the thing that it watches has changed. The strengths were set by what
 * real monitors show: docs/decisions/0023.
 */
export function* alarmsOf(random: Random, span: Span, monitor: Monitor): Generator<Alarm> {
  const more = BURST_MORE[monitor.kind];
  const season = monitor.kind === "batch" ? batchAt : trafficAt;
  const byDay = { real: random.between(0, DAY_REAL), minutes: random.between(0, DAY_MINUTES) };
  let regime = { until: span.from, real: 0, minutes: 0 };
  for (const start of moments(random, span, monitor.perDay / (1 + more), season)) {
    while (start >= regime.until)
      regime = {
        until: regime.until + random.exponential(REGIME_MS),
        real: random.normal() * REGIME_REAL,
        minutes: random.normal() * REGIME_MINUTES,
      };
    const burst = { real: random.normal() * BURST_REAL, minutes: random.normal() * BURST_MINUTES };
    const alarms = 1 + (more === 0 ? 0 : Math.floor(random.exponential(1 / Math.log1p(1 / more))));
    for (let placeInPatch = 0, at = start; placeInPatch < alarms && at < span.to; placeInPatch++) {
      const day = dayness(at);
      yield {
        at,
        placeInBurst: placeInPatch,
        real: shifted(monitor.real, regime.real + burst.real + byDay.real * day - SPREAD / 2),
        minutes: monitor.minutes * Math.exp(regime.minutes + burst.minutes + byDay.minutes * day),
      };
      at += Math.round(random.logNormal(BURST_GAP_MINUTES.median, BURST_GAP_MINUTES.spread) * MINUTE);
    }
  }
}

/** A probability moved by `by` in log odds. */
const shifted = (p: number, by: number): number => 1 / (1 + ((1 - p) / p) * Math.exp(-by));
