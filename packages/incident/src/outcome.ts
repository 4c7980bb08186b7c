import { isDrill } from "./drill.ts";
import type { IncidentEvent, Maintenance } from "./event.ts";
import { feedbackOf, leadingCommand } from "./feedback.ts";
import { openingOf, type Timeline } from "./timeline.ts";

/**
 * How an incident ended, as far as the hold window is concerned.
 * - `self-resolved`: cleared by the integration inside the window, and no person did more than acknowledge.
 * - `needed-human`: still open at the window's end, acknowledged or not; or before it escalated, reassigned, raised
 *   or marked `real` by a person.
 * - `unknown`: closed inside the window by a person or by nobody known; or overlapping maintenance; or a drill.
 * - `merged`: merged into another incident inside the window.
 * - `timed-out`: closed inside the window by PagerDuty's own auto-resolve.
 */
export type Outcome = "self-resolved" | "needed-human" | "unknown" | "merged" | "timed-out";

export const outcomes: readonly Outcome[] = [
  "self-resolved",
  "needed-human",
  "unknown",
  "merged",
  "timed-out",
];

export type DecidedOutcome = {
  readonly outcome: Outcome;
  /** When it became known, milliseconds since the epoch: nothing may learn from it earlier. */
  readonly decidedAt: number;
};

export type OutcomeRules = {
  /** The hold window in milliseconds. */
  readonly windowMs: number;
  /**
   * The service's `auto_resolve_timeout` in milliseconds, null where it has none. A webhook does not say that PagerDuty
   * itself closed the incident: an unnamed closer at exactly this age is taken for it.
   */
  readonly autoResolveAfter?: number | null;
  /** Maintenance of the service besides what its events carry. */
  readonly maintenance?: readonly Maintenance[];
};

/** PagerDuty's default `auto_resolve_timeout`: four hours (API reference, Service). */
const DEFAULT_AUTO_RESOLVE_MS = 4 * 3_600_000;
/** PagerDuty's timers are not exact to the second. */
const AUTO_RESOLVE_TOLERANCE_MS = 60_000;

const takenOverTypes = new Set(["escalated", "reassigned", "delegated", "responder.added"]);

/** True if a person did more than acknowledge: reassigned the incident, raised it, or called it real. */
function needsHuman(event: IncidentEvent, before: IncidentEvent | undefined): boolean {
  if (event.actor !== "human") return false;
  if (takenOverTypes.has(event.type)) return true;
  if (event.type === "priority_updated")
    return event.snapshot?.priority !== null && event.snapshot?.priority !== before?.snapshot?.priority;
  return leadingCommand(feedbackOf(event)) === "real";
}

/** When a person first did more than acknowledge, milliseconds since the epoch; null where nobody did. */
export function takenOverAt(timeline: Timeline): number | null {
  let raisedFrom = openingOf(timeline);
  for (const event of timeline) {
    if (needsHuman(event, raisedFrom)) return event.occurredAt;
    if (event.snapshot !== null) raisedFrom = event;
  }
  return null;
}

/** The maintenance in an incident's events, each once. */
export function maintenanceIn(timeline: Timeline): readonly Maintenance[] {
  const planned = timeline.flatMap(({ maintenance = [] }) => maintenance);
  return [...new Map(planned.map((one) => [`${one.start} ${one.end}`, one])).values()];
}

/**
 * Whether maintenance touches the time from an incident's opening until its outcome was decided.
 *
 * @example
 * ```ts
 * overlapsMaintenance({ start: 0, end: 60_000 }, 30_000, 90_000); // => true
 * overlapsMaintenance({ start: 0, end: 60_000 }, 60_000, 90_000); // => false
 * ```
 */
export const overlapsMaintenance = (
  { start, end }: Maintenance,
  openedAt: number,
  decidedAt: number,
): boolean => start < decidedAt && end > openedAt;

/**
 * The outcome of an incident as known at the moment `at`, or null while it is undecided.
 *
 * An outcome is decided by an event, and the window's end counts as one: an incident that is still open then needed a
 * human, whatever comes later. What happens after the window's end changes nothing. Without its `triggered` event an
 * incident has no window yet, and no outcome.
 * @example
 * ```ts
 * import { eventsOf } from "@mrdata/incident";
 * const past = { id: "P1", service: "PDB", title: "Disk full", urgency: "high", details: {}, createdAt: 0,
 *   resolvedAt: 120_000, resolvedBy: "integration", acknowledgedAt: null, takenOverAt: null, mergedInto: null };
 * const events = eventsOf(past);
 * outcomeOf(events, { windowMs: 300_000 }); // => { outcome: "self-resolved", decidedAt: 120_000 }
 * outcomeOf(events, { windowMs: 60_000 }); // => { outcome: "needed-human", decidedAt: 60_000 }
 * outcomeOf(events, { windowMs: 300_000 }, 30_000); // => null
 * ```
 */
export function outcomeOf(
  timeline: Timeline,
  rules: OutcomeRules,
  at = Number.POSITIVE_INFINITY,
): DecidedOutcome | null {
  const decided = outcomeBarringMaintenance(timeline, rules, at);
  const opening = openingOf(timeline);
  if (decided === null || opening === undefined) return decided;
  const overlaps = [...(rules.maintenance ?? []), ...maintenanceIn(timeline)].some((one) =>
    overlapsMaintenance(one, opening.occurredAt, decided.decidedAt),
  );
  return overlaps || isDrill(timeline) ? { outcome: "unknown", decidedAt: decided.decidedAt } : decided;
}

function outcomeBarringMaintenance(
  timeline: Timeline,
  rules: OutcomeRules,
  at: number,
): DecidedOutcome | null {
  const opening = openingOf(timeline);
  if (opening === undefined) return null;
  const end = opening.occurredAt + rules.windowMs;
  let closed: DecidedOutcome | null = null;
  let raisedFrom: IncidentEvent | undefined = opening;
  for (const event of timeline) {
    if (event.occurredAt < opening.occurredAt) continue;
    if (event.occurredAt > end || event.occurredAt > at) break;
    if (needsHuman(event, raisedFrom)) return { outcome: "needed-human", decidedAt: event.occurredAt };
    if (event.snapshot !== null) raisedFrom = event;
    if (event.type === "resolved") {
      // If closed twice, the first closing counts until it reopens, as in `closingTime`.
      closed ??= { outcome: closingOutcome(event, opening, rules), decidedAt: event.occurredAt };
    } else if (event.type === "reopened") {
      closed = null;
    }
  }
  if (closed !== null) return closed;
  return at >= end ? { outcome: "needed-human", decidedAt: end } : null;
}

/** How it was closed: a merge first (its agent is the person who merged), then by whom. */
function closingOutcome(resolved: IncidentEvent, opening: IncidentEvent, rules: OutcomeRules): Outcome {
  if (resolved.mergedInto !== null) return "merged";
  if (resolved.actor === "integration") return "self-resolved";
  if (resolved.actor !== "automation") return "unknown";
  const autoResolveAfter =
    rules.autoResolveAfter === undefined ? DEFAULT_AUTO_RESOLVE_MS : rules.autoResolveAfter;
  if (autoResolveAfter === null) return "unknown";
  const age = resolved.occurredAt - opening.occurredAt;
  return Math.abs(age - autoResolveAfter) <= AUTO_RESOLVE_TOLERANCE_MS ? "timed-out" : "unknown";
}
