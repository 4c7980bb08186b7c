import { type PagerDuty, PagerDutyError, type RestIncident } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";
import pMap from "p-map";

/** An incident as it was read at a moment, milliseconds since the epoch. */
export type Look = { readonly incident: RestIncident; readonly at: number };

/** What reading one incident came to. */
export type LookResult =
  | { readonly kind: "seen"; readonly look: Look }
  | { readonly kind: "not found" }
  | { readonly kind: "failed"; readonly error: unknown };

export type LookPorts = {
  readonly pagerduty: Pick<PagerDuty, "getIncident" | "listIncidents">;
  readonly clock: Clock;
};

/** Up to so many incidents are read one by one; more are looked for in the list, which holds a hundred a call. */
const MAX_SINGLE_READS = 3;
/** A page of the list has to show so many of those that are wanted to be worth its call. */
const MIN_PER_PAGE = 8;
const PAGE = 100;
const CONCURRENCY = 8;
/** Whoever looks does so again after a failure. */
const LIMITS = { attempts: 1 };

/**
 * Reads incidents that may wait on the bot, with as few calls as there are: many by the list of the bot's triggered
 * incidents, which has no filter by id and may lag, so that what it does not show is read singly. Where one of the two
 * ways fails the other is tried. Never rejects: a failure is told of the incident that it left unread.
 */
export function createLook({ pagerduty, clock }: LookPorts, bot: string) {
  type Listed = { readonly seen: ReadonlyMap<string, Look>; readonly isComplete: boolean };

  async function list(wanted: ReadonlySet<string>): Promise<Listed> {
    const seen = new Map<string, Look>();
    let left = PAGE * Math.max(1, Math.ceil(wanted.size / MIN_PER_PAGE));
    const filter = { statuses: ["triggered"], userIds: [bot], newestFirst: true };
    try {
      for await (const incident of pagerduty.listIncidents(filter, LIMITS)) {
        if (wanted.has(incident.id)) seen.set(incident.id, { incident, at: clock.now() });
        left--;
        if (seen.size === wanted.size || left === 0) return { seen, isComplete: false };
      }
    } catch {
      return { seen, isComplete: false };
    }
    return { seen, isComplete: true };
  }

  async function readSingly(id: string): Promise<LookResult> {
    try {
      const incident = await pagerduty.getIncident(id, LIMITS);
      return { kind: "seen", look: { incident, at: clock.now() } };
    } catch (error) {
      return { kind: "failed", error };
    }
  }

  return async function look(ids: readonly string[]): Promise<ReadonlyMap<string, LookResult>> {
    const results = new Map<string, LookResult>();
    const takeFrom = ({ seen }: Listed): void => {
      for (const [id, one] of seen) results.set(id, { kind: "seen", look: one });
    };
    let listed = ids.length > MAX_SINGLE_READS ? await list(new Set(ids)) : null;
    if (listed !== null) takeFrom(listed);
    const unlisted = ids.filter((id) => !results.has(id));
    await pMap(unlisted, async (id) => results.set(id, await readSingly(id)), { concurrency: CONCURRENCY });
    const unread = ids.filter((id) => results.get(id)?.kind === "failed");
    if (unread.length > 0 && listed === null) {
      listed = await list(new Set(unread));
      takeFrom(listed);
    }
    for (const id of unread) {
      const result = results.get(id);
      // Both ways agree that it does not wait on the bot.
      if (listed?.isComplete && result?.kind === "failed" && isNotFound(result.error))
        results.set(id, { kind: "not found" });
    }
    return results;
  };
}

const isNotFound = (error: unknown): boolean => error instanceof PagerDutyError && error.status === 404;
