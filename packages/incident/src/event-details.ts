import type { EventDetails, IncidentEvent } from "./event.ts";

export const noEventDetails: EventDetails = { numbers: {}, texts: {} };

/**
 * What the events of one incident tell of its alerts; of a name told twice the later one stands.
 *
 * @example
 * ```ts
 * const told = { details: { numbers: { load: 7 }, texts: { host: "db-3" } } };
 * const later = { details: { numbers: { load: 9 }, texts: {} } };
 * detailsIn([told, {}, later]); // => { numbers: { load: 9 }, texts: { host: "db-3" } }
 * ```
 */
export function detailsIn(timeline: Iterable<IncidentEvent>): EventDetails {
  let told = noEventDetails;
  for (const { details } of timeline)
    if (details !== undefined)
      told = {
        numbers: { ...told.numbers, ...details.numbers },
        texts: { ...told.texts, ...details.texts },
        ...(told.others || details.others ? { others: { ...told.others, ...details.others } } : {}),
      };
  return told;
}
