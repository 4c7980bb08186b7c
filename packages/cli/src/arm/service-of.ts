import { type PagerDuty, PagerDutyError, type RestService } from "@mrdata/pagerduty";
import { unknownService } from "../services/known-service.ts";

/** The service as PagerDuty knows it; a CommandError with what may have been meant where it does not. */
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
