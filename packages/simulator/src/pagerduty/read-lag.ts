import type { DiscreteClock } from "../discrete-clock.ts";
import type { Faults } from "./faults.ts";
import type { Incident } from "./incident.ts";

/** How an incident is read by one request: as it is, or as it was; null where a list does not know of it yet. */
export type IncidentReader = {
  one(incident: Incident): Incident;
  listed(incident: Incident): Incident | null;
  /** What has changed lately: it may have been open at the moment as of which is read. */
  readonly changed: readonly Incident[];
};

/** The versions of incidents while reads lag (`readLag` of the faults): a read replica that is seconds behind. */
export type ReadLag = {
  /** The incident has changed. */
  note(incident: Incident): void;
  /** For one request: it lags by up to `readLag`, by chance. */
  reader(): IncidentReader;
};

type Version = { readonly at: number; readonly copy: Incident };

/** Older versions than this are of no use to anybody, milliseconds. */
const KEPT = 20_000;
const MANY = 2_000;

export function createReadLag(clock: DiscreteClock, faults: Faults): ReadLag {
  const versions = new Map<string, { readonly incident: Incident; readonly list: Version[] }>();
  const fresh: IncidentReader = { one: (incident) => incident, listed: (incident) => incident, changed: [] };

  function forgetOld(): void {
    for (const [id, { list }] of versions)
      if ((list.at(-1)?.at ?? 0) < clock.now() - KEPT) versions.delete(id);
  }

  return {
    note(incident) {
      if (faults.now().readLag === 0) {
        // What it was before is older than any lag by the time that reads lag again.
        versions.delete(incident.id);
        return;
      }
      if (versions.size > MANY) forgetOld();
      const known = versions.get(incident.id) ?? { incident, list: [] };
      versions.set(incident.id, known);
      known.list.push({
        at: clock.now(),
        copy: {
          ...incident,
          alerts: [...incident.alerts],
          notes: [...incident.notes],
          log: [...incident.log],
        },
      });
    },
    reader() {
      const { readLag } = faults.now();
      if (readLag === 0) return fresh;
      const asOf = clock.now() - faults.random() * readLag;
      const versionOf = (incident: Incident): Version | null | undefined => {
        const known = versions.get(incident.id);
        if (known === undefined) return undefined;
        return known.list.findLast(({ at }) => at <= asOf) ?? null;
      };
      return {
        one(incident) {
          const version = versionOf(incident);
          // Read by its id it is there, as it was when it was first known.
          return version === undefined
            ? incident
            : (version?.copy ?? versions.get(incident.id)?.list[0]?.copy ?? incident);
        },
        listed(incident) {
          const version = versionOf(incident);
          if (version === undefined) return incident;
          if (version !== null) return version.copy;
          return incident.createdAt > asOf ? null : (versions.get(incident.id)?.list[0]?.copy ?? incident);
        },
        changed: [...versions.values()].map(({ incident }) => incident),
      };
    },
  };
}
