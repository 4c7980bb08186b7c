import type { PagerDuty, RestIncident } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";
import type { IncidentReading } from "../paging/incident-reader.ts";

/** Triggered incidents assigned to the bot alone: those that could be read, and the errors for others. */
export type Waiting = { readonly found: readonly IncidentReading[]; readonly failures: readonly unknown[] };

const PAGE = 100;
/** An incident that leaves the list while it is read moves later ones up, past the page that is read next. */
const MAX_PASSES = 3;

/**
 * Lists what waits on the bot, of any age. A list of several pages is read again until it shows nothing that the first
 * pass skipped; incidents that opened since are no reason to continue.
 */
export async function findWaiting(
  { pagerduty, bot }: { readonly pagerduty: Pick<PagerDuty, "listIncidents">; readonly bot: string },
  clock: Clock,
): Promise<Waiting> {
  const filter = { statuses: ["triggered"], userIds: [bot], newestFirst: true };
  const found = new Map<string, IncidentReading>();
  const failures: unknown[] = [];
  let newest = Number.POSITIVE_INFINITY;
  for (let pass = 1; pass <= MAX_PASSES; pass++) {
    let [listed, skipped] = [0, 0];
    try {
      for await (const incident of pagerduty.listIncidents(filter)) {
        listed++;
        if (!waitsOn(bot, incident)) continue;
        if (!found.has(incident.id) && (incident.createdAt ?? newest) <= newest) skipped++;
        found.set(incident.id, { incident, at: clock.now() });
      }
    } catch (error) {
      failures.push(error);
      break;
    }
    if (listed <= PAGE || skipped === 0) break;
    // By PagerDuty's own clock.
    if (pass === 1) newest = Math.max(...[...found.values()].map(({ incident }) => incident.createdAt ?? 0));
  }
  return { found: [...found.values()], failures };
}

const waitsOn = (bot: string, { status, assignees }: RestIncident): boolean =>
  status === "triggered" && assignees.length === 1 && assignees[0] === bot;
