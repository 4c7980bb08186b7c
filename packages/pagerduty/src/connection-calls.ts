import { PagerDutyError } from "./errors.ts";
import type { Call, Requester } from "./request.ts";
import type { ClientClock } from "./retry.ts";

/** `unknown-requester`: it may, but the `From` e-mail is nobody's. */
export type WriteAccess = "yes" | "read-only" | "unknown-requester";

/** PagerDuty's error codes for a `From` that is nobody's, or is missing. */
const REQUESTER = [1008, 2016];

/** What can be told of the connection itself. */
export type ConnectionCalls = {
  /**
   * How far PagerDuty's clock is ahead of ours, milliseconds, to a second and the time of an answer on its way: from its
   * `Date`. Null where it sends none.
   */
  clockAhead(): Promise<number | null>;
  /**
   * Whether the key may change incidents. PagerDuty tells no key's scopes, so it is asked to change an incident that
   * cannot exist: any answer but a refusal to listen means that it may.
   */
  writeAccess(): Promise<WriteAccess>;
};

/** No incident has it: PagerDuty's ids are `P` or `Q` and capitals and digits. */
const NO_INCIDENT = "mrdata-no-such-incident";

/**
 * The calls that ask how the connection stands. They reject with PagerDutyError where no answer comes.
 */
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
        // Any answer has the date, also a refusal.
        if (date === null) throw error;
      });
      const theirs = Date.parse(date ?? "");
      // The header is cut to the second: on average it says half a second too early.
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
        // Not found, or not a change: the key was listened to.
        if (![400, 404, 422].includes(error.status)) throw error;
      }
      return "yes";
    },
  };
}
