import type { Prediction } from "@mrdata/incident";

const HOUR = 3_600_000;

/** Sums over the holds of the last hour. Durations are milliseconds. */
export type HeldLately = {
  /** Total time held: of the alert type, at its coarsest level, and of the service. */
  readonly alertType: number;
  readonly service: number;
  /** Incidents of the alert type that were held to the end of their window: people were paged late. */
  readonly ranOut: number;
  /** Number of holds that began, on the service and anywhere. */
  readonly onService: number;
  readonly anywhere: number;
};

export type HoldOf = Pick<
  Prediction,
  "incident" | "service" | "alertType" | "names" | "openedAt" | "decidedAt" | "holdUntil" | "ended"
>;

/** Caution compares at the coarsest level of name: a pod that keeps flapping under new names is one alarm. */
const haveSameWords = (a: Prediction["names"], b: Prediction["names"]): boolean =>
  a !== undefined && b !== undefined && a[2] === b[2];

/**
 * Adds up the holds within the hour before `now`. An ongoing hold counts with its whole window, because it may last that long.
 *
 * @example
 * ```ts
 * const hold = { incident: "P1", service: "PDB", alertType: "PDB:1", openedAt: 0, decidedAt: 0, holdUntil: 300_000 };
 * const { alertType, ranOut } = heldLately([hold], hold, 600_000);
 * [alertType, ranOut]; // => [300_000, 1]
 * ```
 */
export function heldLately(
  holds: readonly HoldOf[],
  of: Pick<Prediction, "service" | "alertType" | "names">,
  now: number,
): HeldLately {
  const sums = { alertType: 0, service: 0, ranOut: 0, onService: 0, anywhere: 0 };
  for (const { service, alertType, names, openedAt, decidedAt, holdUntil, ended } of holds) {
    if (holdUntil === null) continue;
    const end = Math.min(holdUntil, ended?.at ?? holdUntil);
    const durationMs = Math.max(0, end - Math.max(openedAt, now - HOUR));
    const began = decidedAt > now - HOUR;
    if (began) sums.anywhere++;
    if (service !== of.service) continue;
    sums.service += durationMs;
    if (began) sums.onService++;
    if (alertType !== of.alertType && !haveSameWords(names, of.names)) continue;
    sums.alertType += durationMs;
    if (end === holdUntil && end <= now && end > now - HOUR) sums.ranOut++;
  }
  return sums;
}
