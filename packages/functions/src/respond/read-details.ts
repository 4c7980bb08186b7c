import { type EventDetails, noEventDetails } from "@mrdata/incident";
import { type DetailColumns, detailsOf, pickDetails } from "@mrdata/learning";
import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock, Log } from "@mrdata/platform";
import { reasonOf } from "@mrdata/runtime";

/** Nobody waits longer than this for what the alerts say, milliseconds: the details are then missing. */
export const DETAILS_TIMEOUT_MS = 500;

/** Why nobody waits any more; made once, for an Error takes down where it was made. */
const answeredInTime = new Error("answered");

export type DetailsPorts = {
  /** Null while no PagerDuty token is configured. */
  readonly pager: Pick<PagerDuty, "listAlertDetails"> | null;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * What the incident's alerts say of what the predictor looks at, asked of PagerDuty because a webhook does not carry
 * it. Never rejects, and never takes longer than `DETAILS_TIMEOUT_MS`: what does not come is missing.
 */
export async function readDetails(
  incident: string,
  columns: DetailColumns,
  { pager, clock, log }: DetailsPorts,
): Promise<EventDetails> {
  if (pager === null || columns.numbers.length + columns.texts.length === 0) return noEventDetails;
  const missing = (reason: string) => {
    log({ severity: "WARNING", event: "details.missing", incident, reason });
    return noEventDetails;
  };
  const answered = new AbortController();
  const read = pager.listAlertDetails(incident).then(
    // Of several alerts the first opened the incident.
    ([first]) => pickDetails(detailsOf(first ?? {}), columns),
    (error: unknown) => missing(reasonOf(error)),
  );
  const late = clock.sleep(DETAILS_TIMEOUT_MS, answered.signal).then(
    () => missing(`no answer within ${DETAILS_TIMEOUT_MS} ms`),
    () => noEventDetails,
  );
  try {
    return await Promise.race([read, late]);
  } finally {
    answered.abort(answeredInTime);
  }
}
