import type { Ledger } from "@mrdata/platform";
import type { ForbiddenAlarm, ReportIncident } from "@mrdata/report";
import pMap from "p-map";
import { readFeedback } from "../respond/name-feedback.ts";

/** Maximum number of alarms that are read, the most recently opened first. */
const MAX_ALARMS = 300;
const CONCURRENCY = 50;

/** The alarms of these incidents that a person's note forbids to hold. */
export async function readForbidden(
  ledger: Pick<Ledger, "alertTypeFeedback">,
  incidents: readonly ReportIncident[],
): Promise<readonly ForbiddenAlarm[]> {
  const latest = new Map<string, ReportIncident & { readonly title: string }>();
  for (const one of incidents)
    if (one.title !== null && !latest.has(one.alarm)) latest.set(one.alarm, { ...one, title: one.title });
  const found = await pMap(
    [...latest.values()].slice(0, MAX_ALARMS),
    async ({ alarm, service, serviceName, title }): Promise<readonly ForbiddenAlarm[]> => {
      const { hold } = await readFeedback(ledger, service, title);
      if (hold === null || hold.allowed) return [];
      const { who, at, incident } = hold;
      return [{ alarm, title, service, serviceName, who, at, incident }];
    },
    { concurrency: CONCURRENCY },
  );
  return found.flat().toSorted((a, b) => b.at - a.at);
}
