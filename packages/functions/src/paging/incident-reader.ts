import {
  type IncidentFilter,
  type PagerDuty,
  PagerDutyError,
  REST_TIME_RESOLUTION_MS,
  type RestIncident,
} from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";
import pMap from "p-map";

/** An incident and when it was read, milliseconds since the epoch. */
export type IncidentReading = { readonly incident: RestIncident; readonly at: number };

/** The result of reading one incident. */
export type ReadResult =
  | { readonly kind: "seen"; readonly reading: IncidentReading }
  | { readonly kind: "not found" }
  | { readonly kind: "failed"; readonly error: unknown };

export type IncidentToRead = {
  readonly incident: string;
  /** By PagerDuty's clock, milliseconds since the epoch; null where it is not known. */
  readonly openedAt: number | null;
};

export type IncidentReaderPorts = {
  readonly pagerduty: Pick<PagerDuty, "getIncident" | "listIncidents">;
  readonly clock: Clock;
};

/** Up to this many incidents are read one by one; more are looked up in lists, which return a hundred per call. */
const MAX_SINGLE_READS = 3;
/** A list page must show at least this many of the wanted incidents to be worth its call. */
const MIN_PER_PAGE = 8;
const PAGE = 100;
const CONCURRENCY = 8;
/** Callers retry after a failure themselves. */
const LIMITS = { attempts: 1 };
/** PagerDuty lists at most half a year per request (API reference, GET /incidents). */
const MAX_RANGE_MS = 30 * 86_400_000;
const EVERY_STATUS = ["triggered", "acknowledged", "resolved"] as const;

type Listed = {
  readonly seen: ReadonlyMap<string, IncidentReading>;
  /** The list was read to its end. */
  readonly isComplete: boolean;
  readonly isFailed: boolean;
};

/**
 * Reads incidents that may wait on the bot, in as few calls as possible. Many are first looked up in the list of all
 * incidents that opened in their time range, whoever has them by now: that also shows what people have taken meanwhile,
 * and covers a backlog that is hours old. Then in the list of triggered incidents assigned to the bot. Neither list
 * filters by id, and both may lag, so what they do not show is read singly. Where one way fails the other is tried.
 * Never rejects: a failure is reported for each incident that it left unread.
 */
export function createIncidentReader({ pagerduty, clock }: IncidentReaderPorts, bot: string) {
  /** Reads a list until it has shown every wanted incident, or `isWorthMore` says no after a page. */
  async function list(
    wanted: ReadonlySet<string>,
    filter: IncidentFilter,
    isWorthMore: (pages: number, shownByPage: number) => boolean,
  ): Promise<Listed> {
    const seen = new Map<string, IncidentReading>();
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

  /** Where it is not known when one of them opened, reads the newest of all incidents. */
  const listOpened = (wanted: readonly IncidentToRead[]): Promise<Listed> => {
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

  async function readSingly(id: string): Promise<ReadResult> {
    try {
      const incident = await pagerduty.getIncident(id, LIMITS);
      return { kind: "seen", reading: { incident, at: clock.now() } };
    } catch (error) {
      return { kind: "failed", error };
    }
  }

  return async function readIncidents(
    wanted: readonly IncidentToRead[],
  ): Promise<ReadonlyMap<string, ReadResult>> {
    const ids = wanted.map(({ incident }) => incident);
    const results = new Map<string, ReadResult>();
    const unseen = (): readonly string[] => ids.filter((id) => results.get(id)?.kind !== "seen");
    const takeFrom = ({ seen }: Listed): void => {
      for (const [id, one] of seen) results.set(id, { kind: "seen", reading: one });
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
      // The list and the single read agree that it does not wait on the bot.
      if (own?.isComplete && result?.kind === "failed" && isNotFound(result.error))
        results.set(id, { kind: "not found" });
    }
    return results;
  };
}

/**
 * The range in which they opened, end excluded; null where one's opening is unknown or the range is too long for one
 * list.
 */
function rangeOf(wanted: readonly IncidentToRead[]): IncidentFilter["between"] | null {
  const times = wanted.flatMap(({ openedAt }) => openedAt ?? []);
  const since = Math.min(...times) - REST_TIME_RESOLUTION_MS;
  const until = Math.max(...times) + 2 * REST_TIME_RESOLUTION_MS;
  return times.length < wanted.length || until - since > MAX_RANGE_MS ? null : { since, until };
}

const isNotFound = (error: unknown): boolean => error instanceof PagerDutyError && error.status === 404;
