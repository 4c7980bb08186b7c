import { createRandom } from "@mrdata/forest";
import type { PastIncident } from "@mrdata/incident";
import { backtest, type CensoredWay, censoredWays, usualRule } from "@mrdata/learning";

const MINUTE = 60_000;
const WINDOW = 5 * MINUTE;

/**
 * Alarms of which people fix real faults within the window. `Disk` clears by itself, and is seldom closed by hand; `Checkout`
 * is real, and fixed within minutes or later; of `Queue`, which is seldom, nearly half is real, and always fixed within the window, so that whoever
 * leaves out what nobody knows sees none of it.
 */
export function fixedInTime(count: number, seed: number) {
  const random = createRandom(seed);
  const real = new Set<string>();
  let at = Date.parse("2026-01-05T00:00:00Z");
  const incidents = Array.from({ length: count }, (_, i): PastIncident => {
    at += Math.ceil(-Math.log(1 - random.next()) * 60) * MINUTE;
    const drawn = random.next();
    const kind = drawn < 0.6 ? 0 : drawn < 0.88 ? 1 : 2;
    const id = `PINC${String(i).padStart(5, "0")}`;
    const itself = random.next() < ([0.97, 0.03, 0.55][kind] ?? 0.5);
    if (!itself) real.add(id);
    const byHand = itself ? random.next() < 0.03 : kind === 2 || random.next() < 0.5;
    const minutes = byHand || itself ? 1 + random.below(4) : 20 + random.below(60);
    return {
      id,
      service: `PSVC${random.below(2)}`,
      title: ["Disk 91% full", "Checkout answers 503", "Queue is long"][kind] ?? "",
      createdAt: at,
      resolvedAt: at + minutes * MINUTE,
      resolvedBy: byHand || !itself ? "human" : "integration",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: {},
    };
  });
  return { incidents, real };
}

export type OfCensoredWay = {
  readonly way: CensoredWay;
  /** Of the scored, those whose outcome is known: the Brier score, and shares of them. */
  readonly brier: number;
  readonly pagesSpared: number;
  /** Real faults that people fixed within the window, and how many of them would have been held. */
  readonly fixedInTime: number;
  readonly heldOfThem: number;
};

/** The three ways on the same made-up histories, by the usual rule of 90 % precision. */
export async function compareCensored({
  count,
  seeds,
  refits,
  trees,
}: {
  readonly count: number;
  readonly seeds: readonly number[];
  readonly refits: number;
  readonly trees: number;
}): Promise<readonly OfCensoredWay[]> {
  const table: OfCensoredWay[] = [];
  for (const way of censoredWays) {
    let [known, errors, spared, fixed, held] = [0, 0, 0, 0, 0];
    for (const seed of seeds) {
      const { incidents, real } = fixedInTime(count, seed);
      const options = { windowMs: WINDOW, refits, seed, trees, rule: usualRule, censoredWay: way };
      const { scored } = await backtest(incidents, options);
      for (const { incident, probability, label, hold } of scored) {
        const byHand =
          incident.resolvedBy === "human" && (incident.resolvedAt ?? 0) - incident.createdAt <= WINDOW;
        if (byHand) {
          if (!real.has(incident.id)) continue;
          fixed++;
          if (hold) held++;
          continue;
        }
        known++;
        errors += (probability - label) ** 2;
        if (hold && label === 1) spared++;
      }
    }
    table.push({
      way,
      brier: errors / known,
      pagesSpared: spared / known,
      fixedInTime: fixed,
      heldOfThem: held,
    });
  }
  return table;
}
