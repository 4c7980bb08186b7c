import { PagerDutyError } from "./errors.ts";
import type { Call, Requester } from "./request.ts";
import type { ClientClock } from "./retry.ts";

/** `unknown-requester`: writing is allowed, but the `From` e-mail belongs to no user. */
export type WriteAccess = "yes" | "read-only" | "unknown-requester";

/** PagerDuty's error codes for a `From` that is missing or belongs to no user. */
const REQUESTER = [1008, 2016];

/** Calls about the connection itself. */
export type ConnectionCalls = {
  /**
   * How far PagerDuty's clock is ahead of ours, milliseconds, from the `Date` header: accurate to a second plus network
   * latency. Null where the header is missing.
   */
  clockAhead(): Promise<number | null>;
  /**
   * Whether the key may change incidents. PagerDuty does not report a key's scopes, so this tries to change an incident
   * that cannot exist: any answer except a refused authorisation means that it may.
   */
  writeAccess(): Promise<WriteAccess>;
};

/** No incident has this id: PagerDuty's ids are `P` or `Q` followed by capitals and digits. */
const NO_INCIDENT = "mrdata-no-such-incident";

/** The calls that check the connection. They reject with PagerDutyError where no answer arrives. */
export function connectionCalls(request: Requester, clock: ClientClock): ConnectionCalls {
  return {
    async clockAhead() {
      let date: string | null = null;
      let answered = 0;
      const call: Call = {
        method: "GET",
        path: ["abilities"],
        onAnswer: (headers) => {
          date = headers.get("date");
          answered = clock.now();
        },
      };
      await request(call).catch((error: unknown) => {
        // Every answer has the date, even a refusal.
        if (date === null) throw error;
      });
      const theirs = Date.parse(date ?? "");
      // The header is truncated to the second: on average half a second too early.
      return Number.isNaN(theirs) ? null : theirs + 500 - answered;
    },
    async writeAccess() {
      try {
        await request({
          method: "PUT",
          path: ["incidents", NO_INCIDENT],
          body: { incident: { type: "incident_reference" } },
          from: true,
        });
      } catch (error) {
        if (!(error instanceof PagerDutyError)) throw error;
        if (error.status === 403) return "read-only";
        if (REQUESTER.includes(error.code ?? 0)) return "unknown-requester";
        // Not found or invalid: the key was accepted.
        if (![400, 404, 422].includes(error.status)) throw error;
      }
      return "yes";
    },
  };
}
