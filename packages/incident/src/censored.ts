import { type PastIncident, selfResolved, wasMerged } from "./past-incident.ts";

/**
 * True where nobody knows how it would have gone on: it was over inside the window (milliseconds), and neither by the
 * monitor alone nor by a take-over. A person who closes an incident within minutes proves neither that it needed one nor
 * that it did not; nor does what overlaps maintenance. What a person said of it afterwards is known.
 */
export function isCensored(past: PastIncident, window: number): boolean {
  const { createdAt, resolvedAt, takenOverAt, feedback } = past;
  return (
    resolvedAt !== null &&
    resolvedAt - createdAt <= window &&
    feedback === undefined &&
    (takenOverAt === null || takenOverAt > resolvedAt) &&
    !wasMerged(past, window) &&
    !selfResolved(past, window)
  );
}
