import {
  knownAt,
  type PastIncident,
  partsOf,
  selfResolved,
  type TitleParts,
  wasMerged,
} from "@mrdata/incident";
import { learnNames, type NamedOutcome } from "./learn-names.ts";
import { type LearntName, type LearntNames, learntNameIn } from "./learnt-names.ts";

/** Minimum number of known outcomes at first, and the growth factor after which names are learnt again. */
const LEAST = 50;
const GROWTH = 1.2;
/**
 * Names are learnt from this many of the latest titles: naming one takes up to a millisecond, and few recur in a long
 * past.
 */
const MAX_INCIDENTS = 20_000;

const namedOutcome = (incident: PastIncident, windowMs: number): NamedOutcome => ({
  service: incident.service,
  title: incident.title,
  label: selfResolved(incident, windowMs) ? 1 : 0,
});

/** The incidents to learn from, in the order in which their outcome became known. */
const teaching = (incidents: readonly PastIncident[], windowMs: number) =>
  incidents
    .flatMap((incident, i) =>
      wasMerged(incident, windowMs) ? [] : [{ incident, i, at: knownAt(incident, windowMs) }],
    )
    .sort((a, b) => a.at - b.at || a.i - b.i);

/**
 * The learnt names that a version stores, from all that is known at `now`, milliseconds since the epoch. `incidents`
 * in order of opening.
 */
export const namesLearnt = (
  incidents: readonly PastIncident[],
  {
    windowMs,
    now,
    latest = MAX_INCIDENTS,
  }: { readonly windowMs: number; readonly now: number; readonly latest?: number },
): LearntNames =>
  learnNames(
    teaching(incidents, windowMs)
      .filter(({ at }) => at <= now)
      .slice(-latest)
      .map(({ incident }) => namedOutcome(incident, windowMs)),
  );

/**
 * The rate of each incident's learnt name when it opened, from what was known then: names are learnt again whenever a
 * fifth more is known, like successive versions. NaN where it had none. `incidents` in order of opening, `windowMs` in
 * milliseconds.
 */
export function learntNameColumn(incidents: readonly PastIncident[], windowMs: number): Float32Array {
  const known = teaching(incidents, windowMs);
  // Reading a title takes longer than a lookup, and all are read again whenever names are learnt.
  const titles = new Map<string, TitleParts>();
  const read = (title: string): TitleParts => {
    const parts = titles.get(title) ?? partsOf(title);
    titles.set(title, parts);
    return parts;
  };
  let find: (service: string, title: string) => LearntName | null = () => null;
  let learnt = 0;
  let next = 0;
  return Float32Array.from(incidents, ({ createdAt, service, title }) => {
    while (next < known.length && (known[next]?.at ?? createdAt + 1) <= createdAt) next++;
    if (next >= Math.max(LEAST, learnt * GROWTH)) {
      find = learntNameIn(
        learnNames(
          known
            .slice(Math.max(0, next - MAX_INCIDENTS), next)
            .map(({ incident }) => namedOutcome(incident, windowMs)),
          { read },
        ),
        read,
      );
      learnt = next;
    }
    return find(service, title)?.rate ?? Number.NaN;
  });
}
