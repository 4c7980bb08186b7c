import type { Notification, PagerDutyDouble, PublishedEvent } from "@mrdata/simulator";

/** How an opening of an incident came to its end for us. */
export type OpeningEnd = "told" | "acted" | "closed" | "nobody";

/** From an incident's opening to the first person who knew of it. Milliseconds since the epoch. */
export type Opening = {
  readonly incident: string;
  readonly from: number;
  readonly to: number;
  /** `acted`: a person found it without being told; `nobody`: not until the run was over. */
  readonly end: OpeningEnd;
  readonly reopened: boolean;
};

type Log = Pick<PagerDutyDouble, "notifications" | "events">;

/**
 * Every opening (triggered, reopened) until a person was told, or found the incident, or it closed. An escalation that
 * ends at a program's user tells nobody. `now` ends those that nobody was told of.
 */
export function openingsOf(
  { notifications, events }: Log,
  isPerson: (id: string) => boolean,
  now: number,
): readonly Opening[] {
  const told = Map.groupBy(
    notifications.filter(({ bot }) => !bot),
    ({ incident }) => incident,
  );
  return [...Map.groupBy(events, ({ incident }) => incident)].flatMap(([incident, list]) =>
    openingsOfOne(list, told.get(incident) ?? [], isPerson, now),
  );
}

function openingsOfOne(
  events: readonly PublishedEvent[],
  told: readonly Notification[],
  isPerson: (id: string) => boolean,
  now: number,
): readonly Opening[] {
  return events.flatMap((opening, i): Opening[] => {
    if (opening.type !== "triggered" && opening.type !== "reopened") return [];
    const { incident, at: from } = opening;
    const ends: { readonly at: number; readonly end: OpeningEnd }[] = [];
    const first = told.find(({ at }) => at >= from);
    if (first !== undefined) ends.push({ at: first.at, end: "told" });
    for (const { type, agent, at } of events.slice(i + 1)) {
      if (agent !== null && isPerson(agent)) ends.push({ at, end: "acted" });
      else if (type === "resolved") ends.push({ at, end: "closed" });
      else continue;
      break;
    }
    const end = ends.toSorted((a, b) => a.at - b.at)[0] ?? { at: now, end: "nobody" as const };
    return [{ incident, from, to: end.at, end: end.end, reopened: opening.type === "reopened" }];
  });
}

/** Those that cannot be kept open for want of a person: whatever closed within `allowed` milliseconds needed nobody. */
export const neededPerson = (openings: readonly Opening[], allowed: number): readonly Opening[] =>
  openings.filter(({ end, from, to }) => end !== "closed" || to - from > allowed);
