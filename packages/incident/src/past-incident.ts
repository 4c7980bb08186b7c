import type { Actor, Maintenance, Urgency } from "./event.ts";
import { overlapsMaintenance } from "./outcome.ts";

/**
 * What is known besides title and service when an incident opens: numbers become features, texts keys of track records.
 */
export type Details = Readonly<Record<string, number | string>>;

/** A past incident from a history file. Times are milliseconds since the epoch. */
export type PastIncident = {
  readonly id: string;
  /** Its id was a number in the file: it sorts as one and is written as one. Omitted for a text. */
  readonly numericId?: true;
  readonly service: string;
  /** The service's name for display, where known. */
  readonly serviceName?: string;
  readonly title: string;
  readonly createdAt: number;
  /** Null while no end is known. */
  readonly resolvedAt: number | null;
  /** Who closed it; null where nobody did, or the closer is not named. */
  readonly resolvedBy: Actor | null;
  /** When a person first acknowledged it; null where nobody did, or it is not known. */
  readonly acknowledgedAt: number | null;
  /** When a person first did more than acknowledge: escalated, reassigned or called others. */
  readonly takenOverAt: number | null;
  /** The incident that it was merged into, at `resolvedAt`. */
  readonly mergedInto: string | null;
  readonly urgency: Urgency;
  readonly details: Details;
  /** A person's last feedback in a note that starts with `mrdata:`, and when; omitted where there is none. */
  readonly feedback?: Feedback;
  /** Maintenance near it; omitted where none is known. */
  readonly maintenance?: readonly Maintenance[];
};

/** `noise`: nobody had to get up for it. `real`: somebody had to. `at` is milliseconds since the epoch. */
export type Feedback = { readonly said: "noise" | "real"; readonly at: number };

/**
 * Orders by opening, then id: the order of every replay. Numeric ids sort numerically, before texts.
 * @example
 * ```ts
 * const list = [{ createdAt: 2, id: "A" }, { createdAt: 1, id: "10" }, { createdAt: 1, id: "9" }];
 * list.toSorted(comparePast).map(({ id }) => id); // => ["10", "9", "A"]
 * ```
 */
export const comparePast = (a: PastIncident, b: PastIncident): number =>
  a.createdAt - b.createdAt ||
  Number(b.numericId ?? false) - Number(a.numericId ?? false) ||
  (a.numericId ? Number(a.id) - Number(b.id) : a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * True if the integration closed it within the window (milliseconds) and no person did more than acknowledge. What a
 * person said of it beats the clock: `real` is never self-resolved, `noise` always is, unless a person took it over or
 * it was merged. What overlaps maintenance, and whatever is not known, counts as not.
 *
 * @example
 * ```ts
 * const past = { id: "P1", service: "PDB", title: "Disk full", urgency: "high", details: {}, createdAt: 0,
 *   resolvedAt: 120_000, resolvedBy: "integration", acknowledgedAt: null, takenOverAt: null, mergedInto: null };
 * selfResolved(past, 300_000); // => true
 * selfResolved(past, 60_000); // => false
 * selfResolved({ ...past, feedback: { said: "real", at: 600_000 } }, 300_000); // => false
 * ```
 */
export function selfResolved(past: PastIncident, windowMs: number): boolean {
  const { createdAt, resolvedAt, resolvedBy, takenOverAt, mergedInto, feedback, maintenance = [] } = past;
  if (feedback?.said === "real" || mergedInto !== null) return false;
  if (feedback?.said === "noise") return takenOverAt === null;
  return (
    resolvedAt !== null &&
    resolvedBy === "integration" &&
    resolvedAt - createdAt <= windowMs &&
    !maintenance.some((one) => overlapsMaintenance(one, createdAt, resolvedAt)) &&
    (takenOverAt === null || takenOverAt > resolvedAt)
  );
}

/**
 * True if it was merged inside the window: it carries no information of its own, and nothing is learnt from it.
 * @example
 * ```ts
 * const past = { createdAt: 0, resolvedAt: 60_000, mergedInto: "P2" };
 * wasMerged(past, 300_000); // => true
 * wasMerged(past, 30_000); // => false
 * ```
 */
export const wasMerged = ({ createdAt, resolvedAt, mergedInto }: PastIncident, windowMs: number): boolean =>
  mergedInto !== null && resolvedAt !== null && resolvedAt - createdAt <= windowMs;

/**
 * When the label becomes known: at the closing or the window's end, whichever is first, and at least a second after
 * opening; with a person's feedback, not before that.
 * @example
 * ```ts
 * knownAt({ createdAt: 0, resolvedAt: 120_000 }, 300_000); // => 120_000
 * knownAt({ createdAt: 0, resolvedAt: null }, 300_000); // => 300_000
 * knownAt({ createdAt: 0, resolvedAt: null, feedback: { said: "noise", at: 900_000 } }, 300_000); // => 900_000
 * ```
 */
export function knownAt({ createdAt, resolvedAt, feedback }: PastIncident, windowMs: number): number {
  const lasted = Math.min(resolvedAt === null ? windowMs : resolvedAt - createdAt, windowMs);
  return Math.max(createdAt + Math.max(1_000, lasted), feedback?.at ?? 0);
}
