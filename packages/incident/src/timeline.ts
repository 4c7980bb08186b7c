import type { IncidentEvent } from "./event.ts";

/** The events of one incident, each once, in order of `occurredAt`, whatever order they arrived in. */
export type Timeline = readonly IncidentEvent[];

// Two events may have the same millisecond: then the opening comes first and the closing last, and the id decides the
// rest, so that the order never depends on arrival.
const rank = (event: IncidentEvent): number =>
  event.type === "triggered" ? 0 : event.type === "resolved" ? 2 : 1;

/**
 * The order of events: by `occurredAt`; within one millisecond the opening first and the closing last, then by id.
 * Negative where `a` comes first.
 */
export const compareEvents = (a: IncidentEvent, b: IncidentEvent): number =>
  a.occurredAt - b.occurredAt || rank(a) - rank(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * Sorts and de-duplicates (by event id) the events of one incident. Throws RangeError if they belong to several.
 * Sorts and de-duplicates (by event id) the events of one incident. Throws RangeError if they are of several.
 *
 * @example
 * ```ts
 * const at = { incident: "P1", actorId: null, snapshot: null, note: null, mergedInto: null };
 * const opened = { ...at, id: "E1", type: "triggered", occurredAt: 0, actor: "integration" };
 * const closed = { ...at, id: "E2", type: "resolved", occurredAt: 60_000, actor: "integration" };
 * timelineOf([closed, opened, closed]).map(({ id }) => id); // => ["E1", "E2"]
 * timelineOf([opened, { ...closed, incident: "P2" }]); // throws RangeError
 * ```
 */
export function timelineOf(events: Iterable<IncidentEvent>): Timeline {
  const byId = new Map<string, IncidentEvent>();
  let incident: string | undefined;
  for (const event of events) {
    incident ??= event.incident;
    if (event.incident !== incident) {
      throw new RangeError(
        `a timeline is of one incident: ${incident}, but event ${event.id} is of ${event.incident}`,
      );
    }
    byId.set(event.id, event);
  }
  return [...byId.values()].sort(compareEvents);
}

/** The event that opened the incident, or undefined while its `triggered` has not arrived. */
export const openingOf = (timeline: Timeline): IncidentEvent | undefined =>
  timeline.find((event) => event.type === "triggered" && event.snapshot !== null);
