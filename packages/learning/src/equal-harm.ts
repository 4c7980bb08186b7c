import { outOfRange } from "@mrdata/base";
import { createRandom } from "@mrdata/forest";
import { usualCertificateRule } from "./certificate.ts";
import type { ScoredBeside } from "./last-month.ts";

/** Shares of unnecessary pages that are spared; each from 0 to 1. */
export type Spared = { readonly value: number; readonly low: number; readonly high: number };

/** Two ways of deciding, compared where both delay the same share of real incidents. */
export type AtHarm = {
  readonly realDelayed: number;
  readonly model: Spared;
  readonly ownRate: Spared;
  /** The model's lead. */
  readonly ahead: Spared;
};

export type EqualHarm = {
  readonly incidents: number;
  /** Incidents that needed a human, and unnecessary pages. */
  readonly real: number;
  readonly unneeded: number;
  readonly levels: readonly AtHarm[];
  /** Ahead or behind beyond the interval, at the default miss budget; otherwise undecided. */
  readonly verdict: "ahead" | "behind" | "not told apart";
};

/** Shares of real incidents delayed; shares near zero carry little information. */
export const HARMS: readonly number[] = [0, 0.02, 0.05, 0.1, 0.15, 0.2];
const USUAL_BUDGET = usualCertificateRule.budget;
const DAY_MS = 86_400_000;
const SAMPLES = 300;

/**
 * How many pages two ways spare when they delay equally many real incidents: the model's probabilities and the alert
 * type's historical rate, on the same past predictions, with 95 % bootstrap intervals over whole days (Efron 1979),
 * because events of one day are correlated. Null where there is nothing of one kind.
 */
export function atEqualHarm(scored: readonly ScoredBeside[], seed: number, harms = HARMS): EqualHarm | null {
  const real = scored.filter(({ label }) => label === 0).length;
  const unneeded = scored.length - real;
  if (real === 0 || unneeded === 0) return null;
  const days = [...new Set(scored.map(dayOf))];
  const place = new Map(days.map((day, i) => [day, i]));
  const orders = [
    ordered(scored, place, ({ probability }) => probability),
    ordered(scored, place, ({ rate }) => rate),
  ] as const;
  const whole = new Float64Array(days.length).fill(1);
  const random = createRandom(seed);
  const draws = Array.from({ length: SAMPLES }, () => {
    const draw = new Float64Array(days.length);
    for (let i = 0; i < days.length; i++) {
      const day = random.below(days.length);
      draw[day] = (draw[day] ?? outOfRange()) + 1;
    }
    return draw;
  });
  const curvesOf = (draw: Float64Array) => orders.map((order) => curveOf(order, draw, harms));
  const [model = [], ownRate = []] = curvesOf(whole);
  const drawn = draws.map(curvesOf);
  const levels = harms.map((realDelayed, i): AtHarm => {
    const at = (way: number) => drawn.map((curves) => curves[way]?.[i] ?? outOfRange());
    const [models, rates] = [at(0), at(1)];
    const [m, r] = [model[i] ?? outOfRange(), ownRate[i] ?? outOfRange()];
    return {
      realDelayed,
      model: withInterval(m, models),
      ownRate: withInterval(r, rates),
      ahead: withInterval(
        m - r,
        models.map((one, draw) => one - (rates[draw] ?? outOfRange())),
      ),
    };
  });
  const budget = levels.find(({ realDelayed }) => realDelayed >= USUAL_BUDGET) ?? levels.at(-1);
  const { low = 0, high = 0 } = budget?.ahead ?? {};
  const verdict = low > 0 ? "ahead" : high < 0 ? "behind" : "not told apart";
  return { incidents: scored.length, real, unneeded, levels, verdict };
}

const dayOf = ({ openedAt }: ScoredBeside): number => Math.floor(openedAt / DAY_MS);

type Ordered = readonly { readonly day: number; readonly label: 0 | 1; readonly ends: boolean }[];

/** Most confident first; `ends`: the next one is less confident, so a threshold may lie here. */
function ordered(
  scored: readonly ScoredBeside[],
  place: ReadonlyMap<number, number>,
  sureness: (one: ScoredBeside) => number,
): Ordered {
  const sorted = scored.toSorted((a, b) => sureness(b) - sureness(a));
  return sorted.map((one, i) => {
    const next = sorted[i + 1];
    return {
      day: place.get(dayOf(one)) ?? outOfRange(),
      label: one.label,
      ends: next === undefined || sureness(next) !== sureness(one),
    };
  });
}

/** The share of unnecessary pages spared at each share of real ones delayed; linear between two thresholds. */
function curveOf(order: Ordered, draw: Float64Array, harms: readonly number[]): readonly number[] {
  let [real, unneeded] = [0, 0];
  for (const { day, label } of order) {
    if (label === 0) real += draw[day] ?? outOfRange();
    else unneeded += draw[day] ?? outOfRange();
  }
  const points: { readonly late: number; readonly spared: number }[] = [{ late: 0, spared: 0 }];
  let [late, spared] = [0, 0];
  for (const { day, label, ends } of order) {
    if (label === 0) late += draw[day] ?? outOfRange();
    else spared += draw[day] ?? outOfRange();
    if (ends) points.push({ late: late / Math.max(1, real), spared: spared / Math.max(1, unneeded) });
  }
  return harms.map((harm) => {
    let last = { late: 0, spared: 0 };
    for (const point of points) {
      if (point.late > harm) {
        const share = (harm - last.late) / (point.late - last.late);
        return last.spared + share * (point.spared - last.spared);
      }
      last = point;
    }
    return last.spared;
  });
}

function withInterval(value: number, drawn: readonly number[]): Spared {
  const sorted = drawn.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? value;
  return { value, low: Math.min(value, at(0.025)), high: Math.max(value, at(0.975)) };
}
