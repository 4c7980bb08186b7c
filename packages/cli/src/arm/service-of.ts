import { type PagerDuty, PagerDutyError, type RestService } from "@mrdata/pagerduty";
import { unknownService } from "../services/known-service.ts";

/** Looks the service up in PagerDuty. Throws CommandError with a suggestion if there is no such service. */
export async function serviceOf(
  pagerduty: Pick<PagerDuty, "getService" | "listServices">,
  service: string,
): Promise<RestService> {
  try {
    return await pagerduty.getService(service);
  } catch (error) {
    if (!(error instanceof PagerDutyError) || error.status !== 404) throw error;
    const known = new Map<string, string | null>();
    for await (const { id, name } of pagerduty.listServices()) known.set(id, name);
    throw unknownService(service, known);
  }
}
