import type { Prediction } from "@mrdata/incident";

const HOUR = 3_600_000;

/** The holds of the last hour in figures. Times are milliseconds. */
export type HeldLately = {
  /** How long incidents of the alert type, at its coarsest level, and of the service, were held in all. */
  readonly alertType: number;
  readonly service: number;
  /** How many incidents of the alert type were held to the end of their window: people were paged late. */
  readonly ranOut: number;
  /** How many holds began, on the service and anywhere. */
  readonly onService: number;
  readonly anywhere: number;
};

export type HoldOf = Pick<
  Prediction,
  "incident" | "service" | "alertType" | "names" | "openedAt" | "decidedAt" | "holdUntil" | "ended"
>;

/** What makes the bot careful counts at the coarsest level: a pod that flaps on under other names is one alarm. */
const haveSameWords = (a: Prediction["names"], b: Prediction["names"]): boolean =>
  a !== undefined && b !== undefined && a[2] === b[2];

/**
 * Adds up the holds within the hour before `now`. What is held now counts with its whole window: it may last so long.
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
    const time = Math.max(0, end - Math.max(openedAt, now - HOUR));
    const began = decidedAt > now - HOUR;
    if (began) sums.anywhere++;
    if (service !== of.service) continue;
    sums.service += time;
    if (began) sums.onService++;
    if (alertType !== of.alertType && !haveSameWords(names, of.names)) continue;
    sums.alertType += time;
    if (end === holdUntil && end <= now && end > now - HOUR) sums.ranOut++;
  }
  return sums;
}
