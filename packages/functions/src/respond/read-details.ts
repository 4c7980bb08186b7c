import { type EventDetails, noEventDetails } from "@mrdata/incident";
import { type DetailColumns, detailsOf, pickDetails } from "@mrdata/learning";
import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock, Log } from "@mrdata/platform";
import { reasonOf } from "@mrdata/runtime";

/** The longest wait for the alerts' details, milliseconds: after it they count as missing. */
export const DETAILS_TIMEOUT_MS = 500;

/** The reason for aborting the timer; created once, because creating an Error captures a stack. */
const answeredInTime = new Error("answered");

export type DetailsPorts = {
  /** Null while no PagerDuty token is configured. */
  readonly pager: Pick<PagerDuty, "listAlertDetails"> | null;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * The incident's alert details that the predictor uses, read from PagerDuty because a webhook does not carry them.
 * Never rejects and never takes longer than `DETAILS_TIMEOUT_MS`: what does not arrive is missing.
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
