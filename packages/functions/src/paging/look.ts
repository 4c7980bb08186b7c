import {
  type IncidentFilter,
  type PagerDuty,
  PagerDutyError,
  REST_TIME_RESOLUTION_MS,
  type RestIncident,
} from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";
import pMap from "p-map";

/** An incident as it was read at a moment, milliseconds since the epoch. */
export type Look = { readonly incident: RestIncident; readonly at: number };

/** What reading one incident came to. */
export type LookResult =
  | { readonly kind: "seen"; readonly look: Look }
  | { readonly kind: "not found" }
  | { readonly kind: "failed"; readonly error: unknown };

export type WantedLook = {
  readonly incident: string;
  /** By PagerDuty's clock, milliseconds since the epoch; null where it is not known. */
  readonly openedAt: number | null;
};

export type LookPorts = {
  readonly pagerduty: Pick<PagerDuty, "getIncident" | "listIncidents">;
  readonly clock: Clock;
};

/** Up to so many incidents are read one by one; more are looked for in lists, which hold a hundred a call. */
const MAX_SINGLE_READS = 3;
/** A page of a list has to show so many of those that are wanted to be worth its call. */
const MIN_PER_PAGE = 8;
const PAGE = 100;
const CONCURRENCY = 8;
/** Whoever looks does so again after a failure. */
const LIMITS = { attempts: 1 };
/** PagerDuty lists half a year at once (API reference, GET /incidents). */
const MAX_RANGE_MS = 30 * 86_400_000;
const EVERY_STATUS = ["triggered", "acknowledged", "resolved"] as const;

type Listed = {
  readonly seen: ReadonlyMap<string, Look>;
  /** The list was read to its end. */
  readonly isComplete: boolean;
  readonly isFailed: boolean;
};

/**
 * Reads incidents that may wait on the bot, with as few calls as there are. Many are looked for among all
 * incidents that opened when they did, whoever has them by now: what people took meanwhile is told there as well, also
 * of a backlog that is hours old. Then in the list of what is triggered and the bot's. Neither list has a filter by id,
 * and both may lag: what they do not show is read singly. Where one way fails the other is tried. Never rejects: a failure is told
 * of the incident that it left unread.
 */
export function createLook({ pagerduty, clock }: LookPorts, bot: string) {
  /** Reads a list until it has shown all that are wanted, or `isWorthMore` says no after a page. */
  async function list(
    wanted: ReadonlySet<string>,
    filter: IncidentFilter,
    isWorthMore: (pages: number, shownByPage: number) => boolean,
  ): Promise<Listed> {
    const seen = new Map<string, Look>();
    let [listed, before] = [0, 0];
    try {
      for await (const incident of pagerduty.listIncidents({ ...filter, newestFirst: true }, LIMITS)) {
        if (wanted.has(incident.id)) seen.set(incident.id, { incident, at: clock.now() });
        listed++;
        if (seen.size === wanted.size) return { seen, isComplete: false, isFailed: false };
        if (listed % PAGE !== 0) continue;
        if (!isWorthMore(listed / PAGE, seen.size - before))
          return { seen, isComplete: false, isFailed: false };
        before = seen.size;
      }
    } catch {
      return { seen, isComplete: false, isFailed: true };
    }
    return { seen, isComplete: true, isFailed: false };
  }

  /** Among the newest of all where it is not known when they opened. */
  const listOpened = (wanted: readonly WantedLook[]): Promise<Listed> => {
    const between = rangeOf(wanted);
    return list(
      new Set(wanted.map(({ incident }) => incident)),
      { statuses: EVERY_STATUS, ...(between && { between }) },
      (_, shown) => shown >= MIN_PER_PAGE,
    );
  };

  const listOwn = (wanted: ReadonlySet<string>): Promise<Listed> => {
    const most = Math.max(1, Math.ceil(wanted.size / MIN_PER_PAGE));
    return list(wanted, { statuses: ["triggered"], userIds: [bot] }, (pages) => pages < most);
  };

  async function readSingly(id: string): Promise<LookResult> {
    try {
      const incident = await pagerduty.getIncident(id, LIMITS);
      return { kind: "seen", look: { incident, at: clock.now() } };
    } catch (error) {
      return { kind: "failed", error };
    }
  }

  return async function look(wanted: readonly WantedLook[]): Promise<ReadonlyMap<string, LookResult>> {
    const ids = wanted.map(({ incident }) => incident);
    const results = new Map<string, LookResult>();
    const unseen = (): readonly string[] => ids.filter((id) => results.get(id)?.kind !== "seen");
    const takeFrom = ({ seen }: Listed): void => {
      for (const [id, one] of seen) results.set(id, { kind: "seen", look: one });
    };
    let own: Listed | null = null;
    if (ids.length > MAX_SINGLE_READS) {
      const opened = await listOpened(wanted);
      takeFrom(opened);
      if (opened.isFailed) own = { ...opened, seen: new Map() };
      else if (unseen().length > MAX_SINGLE_READS) {
        own = await listOwn(new Set(unseen()));
        takeFrom(own);
      }
    }
    await pMap(unseen(), async (id) => results.set(id, await readSingly(id)), { concurrency: CONCURRENCY });
    const unread = unseen();
    if (unread.length > 0 && own === null) {
      own = await listOwn(new Set(unread));
      takeFrom(own);
    }
    for (const id of unread) {
      const result = results.get(id);
      // Both ways agree that it does not wait on the bot.
      if (own?.isComplete && result?.kind === "failed" && isNotFound(result.error))
        results.set(id, { kind: "not found" });
    }
    return results;
  };
}

/** When they opened, the end not in it; null where that is not known of one, or is too long for one list. */
function rangeOf(wanted: readonly WantedLook[]): IncidentFilter["between"] | null {
  const times = wanted.flatMap(({ openedAt }) => openedAt ?? []);
  const since = Math.min(...times) - REST_TIME_RESOLUTION_MS;
  const until = Math.max(...times) + 2 * REST_TIME_RESOLUTION_MS;
  return times.length < wanted.length || until - since > MAX_RANGE_MS ? null : { since, until };
}

const isNotFound = (error: unknown): boolean => error instanceof PagerDutyError && error.status === 404;
