import {
  type CallLimits,
  type PagerDuty,
  REST_TIME_RESOLUTION_MS,
  type RestIncident,
} from "@mrdata/pagerduty";

const EVERY_STATUS = ["triggered", "acknowledged", "resolved"] as const;
/** How many listed incidents are searched where it is not known when the incident opened. */
const MAX_LISTED = 100;

/**
 * Reads an incident by its id, and where that fails, from the list of incidents that opened at the same time: only one
 * of the two endpoints may be failing. If both fail, throws the first error.
 */
export async function readEitherWay(
  pagerduty: Pick<PagerDuty, "getIncident" | "listIncidents">,
  { incident, openedAt }: { readonly incident: string; readonly openedAt: number | null },
  limits: CallLimits,
): Promise<RestIncident> {
  try {
    return await pagerduty.getIncident(incident, limits);
  } catch (error) {
    const listed = await findListed(pagerduty, { incident, openedAt }, limits).catch(() => null);
    if (listed === null) throw error;
    return listed;
  }
}

async function findListed(
  pagerduty: Pick<PagerDuty, "listIncidents">,
  { incident, openedAt }: { readonly incident: string; readonly openedAt: number | null },
  limits: CallLimits,
): Promise<RestIncident | null> {
  const between =
    openedAt === null
      ? {}
      : {
          between: {
            since: openedAt - REST_TIME_RESOLUTION_MS,
            until: openedAt + 2 * REST_TIME_RESOLUTION_MS,
          },
        };
  let listed = 0;
  for await (const one of pagerduty.listIncidents(
    { statuses: EVERY_STATUS, newestFirst: true, ...between },
    limits,
  )) {
    if (one.id === incident) return one;
    listed++;
    if (openedAt === null && listed >= MAX_LISTED) return null;
  }
  return null;
}
