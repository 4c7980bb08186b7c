import {
  type CallLimits,
  type PagerDuty,
  REST_TIME_RESOLUTION_MS,
  type RestIncident,
} from "@mrdata/pagerduty";

const EVERY_STATUS = ["triggered", "acknowledged", "resolved"] as const;
/** So many of the list are looked at where it is not known when the incident opened. */
const MAX_LISTED = 100;

/**
 * The incident as PagerDuty has it, read by itself, and where that fails among those that opened when it did: only one of the
 * two endpoints may fail. Throws what the first reading threw where both do.
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
