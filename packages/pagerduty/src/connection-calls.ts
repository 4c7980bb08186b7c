import { PagerDutyError } from "./errors.ts";
import type { Call, Requester } from "./request.ts";
import type { ClientClock } from "./retry.ts";

/** What can be told of the connection itself. */
export type ConnectionCalls = {
  /**
   * How far PagerDuty's clock is ahead of ours, milliseconds, to a second and the time of an answer on its way: from its
   * `Date`. Null where it sends none.
   */
  clockAhead(): Promise<number | null>;
  /**
   * Whether the key may change incidents. PagerDuty tells no key's scopes, so it is asked to change an incident that
   * cannot exist: not found means that it may, 403 that it may not. Null for any other answer.
   */
  mayChangeIncidents(): Promise<boolean | null>;
};

/** No incident has it: PagerDuty's ids are `P` or `Q` and capitals and digits. */
const NO_INCIDENT = "mrdata-no-such-incident";

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
    async mayChangeIncidents() {
      try {
        await request({
          method: "PUT",
          path: ["incidents", NO_INCIDENT],
          body: { incident: { type: "incident_reference" } },
          from: true,
        });
        return null;
      } catch (error) {
        if (!(error instanceof PagerDutyError)) throw error;
        if (error.status === 404) return true;
        if (error.status === 403) return false;
        if (error.status === 0 || error.status === 401 || error.status >= 429) throw error;
        return null;
      }
    },
  };
}
