import type { EventDetails, IncidentEvent } from "./event.ts";

export const noEventDetails: EventDetails = { numbers: {}, texts: {} };

/**
 * The alert details in an incident's events; of a name that occurs twice the later value is kept.
 *
 * @example
 * ```ts
 * const earlier = { details: { numbers: { load: 7 }, texts: { host: "db-3" } } };
 * const later = { details: { numbers: { load: 9 }, texts: {} } };
 * detailsIn([earlier, {}, later]); // => { numbers: { load: 9 }, texts: { host: "db-3" } }
 * ```
 */
export function detailsIn(timeline: Iterable<IncidentEvent>): EventDetails {
  let merged = noEventDetails;
  for (const { details } of timeline)
    if (details !== undefined)
      merged = {
        numbers: { ...merged.numbers, ...details.numbers },
        texts: { ...merged.texts, ...details.texts },
        ...(merged.others || details.others ? { others: { ...merged.others, ...details.others } } : {}),
      };
  return merged;
}
