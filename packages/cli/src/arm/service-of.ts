import { type PagerDuty, PagerDutyError, type RestService } from "@mrdata/pagerduty";
import { CommandError } from "../exit-codes.ts";

/** The service as PagerDuty knows it; a CommandError that says so where it does not. */
export async function serviceOf(
  pagerduty: Pick<PagerDuty, "getService">,
  service: string,
): Promise<RestService> {
  try {
    return await pagerduty.getService(service);
  } catch (error) {
    if (!(error instanceof PagerDutyError) || error.status !== 404) throw error;
    throw new CommandError(
      `PagerDuty has no service ${service}: give its id, as its address in PagerDuty ends (P…), not its name`,
    );
  }
}
