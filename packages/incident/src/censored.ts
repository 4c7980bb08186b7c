import { type PastIncident, selfResolved, wasMerged } from "./past-incident.ts";

/**
 * True where the outcome without intervention is unknown: it closed inside the window (milliseconds), neither by the
 * monitor alone nor by a takeover. A person who closes an incident within minutes proves neither that it needed one nor
 * that it did not; overlap with maintenance proves nothing either. A person's later feedback makes it known.
 */
export function isCensored(past: PastIncident, windowMs: number): boolean {
  const { createdAt, resolvedAt, takenOverAt, feedback } = past;
  return (
    resolvedAt !== null &&
    resolvedAt - createdAt <= windowMs &&
    feedback === undefined &&
    (takenOverAt === null || takenOverAt > resolvedAt) &&
    !wasMerged(past, windowMs) &&
    !selfResolved(past, windowMs)
  );
}
