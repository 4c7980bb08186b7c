import type { ActionTaken, IncidentSnapshot } from "@mrdata/incident";
import { MAX_MOVES, type PagerDuty } from "@mrdata/pagerduty";
import type { Clock, Ledger, Log } from "@mrdata/platform";
import { waitingAtOf } from "./behind-event.ts";
import { createFallbackPolicy } from "./fallback-policy.ts";
import { createIncidentReader, type IncidentReading } from "./incident-reader.ts";
import { createLevelReaches } from "./level-reaches.ts";
import { pageBatch } from "./page-batch.ts";
import { DEFAULT_EFFORT, REPEAT_EFFORT, type RequestedPage, type SettledPage } from "./page-state.ts";
import { createPolicyLevels } from "./policy-levels.ts";
import { takeBackFromProgram } from "./take-back.ts";

export type PagerPorts = {
  readonly ledger: Pick<Ledger, "settings">;
  readonly clock: Clock;
  readonly log: Log;
  /** Null while no PagerDuty token is configured: the bot can then only decide and record. */
  readonly pagerduty: Pick<
    PagerDuty,
    | "callsLeft"
    | "getIncident"
    | "getEscalationPolicy"
    | "listIncidents"
    | "listLogEntries"
    | "listOnCalls"
    | "moveIncident"
    | "moveIncidents"
  > | null;
};

export type PagerOptions = {
  /** PagerDuty id of the bot's user; null while it has none. */
  readonly bot: string | null;
  /** PagerDuty ids of accounts known to be programs: an incident that reaches only these has reached nobody. */
  readonly automationUsers?: readonly string[];
  /** Used where the settings name no fallback policy. */
  readonly fallbackPolicy: string | null;
  /**
   * The longest time that pages are gathered, milliseconds; lower it for a caller that requests all of them at once.
   */
  readonly maxGatherMs?: number;
};

export type Pager = {
  /**
   * Pages if the incident waits on the bot, and returns what was done. `snapshot` saves the calls where it shows that
   * the incident does not wait; `reading` saves a read that was just made. `occurredAt` is when the snapshot's event
   * occurred, by PagerDuty's clock, milliseconds since the epoch: a read that may be older is repeated. Rejects where
   * PagerDuty cannot be reached or refuses.
   */
  pageIfWaiting(
    incident: string,
    known: {
      readonly snapshot: IncidentSnapshot | null;
      readonly reading?: IncidentReading;
      readonly occurredAt?: number;
    },
  ): Promise<ActionTaken>;
  /** The policy of people behind every other policy; null where none is set. Never rejects. */
  fallbackPolicy(): Promise<string | null>;
  /** False while calls are reserved for pages: notes and details are optional. */
  hasSpareCalls(): boolean;
};

/** Pages requested within this time share their calls. */
const GATHER_MS = 250;
/**
 * The more pages were requested within `RECENT_MS`, the longer the next ones are gathered, because PagerDuty accepts
 * 960 calls a minute from all instances together: this many milliseconds per recent page, up to the maximum.
 */
const GATHER_EACH_MS = 150;
const MAX_GATHER_MS = 10_000;
const RECENT_MS = 5_000;
/** More than this many pages within `RECENT_MS` are a storm, which ends after `STORM_LASTS_MS` with fewer. */
const STORM_PAGES = 8;
const STORM_LASTS_MS = 60_000;

/** A page under way, and `waitingAt` of its request. */
type PageUnderWay = { readonly page: Promise<ActionTaken>; readonly waitingAt: number | null };

const enough = new Error("there are enough");
/** Below this share of the minute's calls, over all processes, the rest is reserved for pages. */
const MIN_SHARE_TO_SPARE = 0.5;
/** How long it is remembered which moves left an incident with the bot. */
const MEMORY_MS = 600_000;
/** What failed within this time is retried less hard: it is redelivered anyway. */
const FAILED_LATELY_MS = 900_000;
/** An assignment this much later than a move was not made by that move. */
const CLOCKS_APART_MS = 2_000;

/**
 * An incident that was reported waiting and no longer waits may have been taken by a program: then nobody was notified.
 */
const markedIfUnnotified = (taken: ActionTaken): ActionTaken =>
  taken.action === "none" ? { ...taken, failed: true } : taken;

/**
 * The only place that pages. Pages requested at about the same time are read and moved together; concurrent requests
 * for one incident share one page.
 */
export function createPager(
  ports: PagerPorts,
  { bot, automationUsers = [], fallbackPolicy, maxGatherMs = MAX_GATHER_MS }: PagerOptions,
): Pager {
  const { ledger, clock, log, pagerduty } = ports;
  const underWay = new Map<string, PageUnderWay>();
  const withoutEffect = new Map<string, { readonly at: number; readonly moves: Set<string> }>();
  const failedAt = new Map<string, number>();
  const recent: number[] = [];
  let queue: RequestedPage[] = [];
  let stopGathering = (): void => {};
  let lastFlushAt = Number.NEGATIVE_INFINITY;

  const readFallbackPolicy = createFallbackPolicy({ ledger, clock }, fallbackPolicy);

  let stormUntil = Number.NEGATIVE_INFINITY;

  /** How many pages were requested recently. */
  const countRecent = (): number => {
    const from = clock.now() - RECENT_MS;
    while (recent[0] !== undefined && recent[0] < from) recent.shift();
    return recent.length;
  };

  const batchOf = (client: NonNullable<typeof pagerduty>, user: string) => {
    const programs = [user, ...automationUsers];
    const context = {
      pagerduty: client,
      clock,
      log,
      bot: user,
      programs,
      readIncidents: createIncidentReader({ pagerduty: client, clock }, user),
      policyLevels: createPolicyLevels({ pagerduty: client, clock }),
      levelReaches: createLevelReaches({ pagerduty: client, clock, programs }),
      fallbackPolicy: readFallbackPolicy,
    };
    return (requested: readonly RequestedPage[]) => pageBatch(requested, context);
  };
  const batch = pagerduty === null || bot === null ? null : batchOf(pagerduty, bot);

  /** Moves known to have left the incident with the bot, unless somebody has moved it since. */
  function triedBefore(incident: string, reading: IncidentReading | null): Set<string> {
    const now = clock.now();
    for (const [id, { at }] of withoutEffect) if (now - at > MEMORY_MS) withoutEffect.delete(id);
    const known = withoutEffect.get(incident);
    if (known === undefined) return new Set();
    const assignedAt = reading?.incident.assignedAt ?? null;
    return assignedAt !== null && assignedAt > known.at + CLOCKS_APART_MS ? new Set() : new Set(known.moves);
  }

  function failedLately(incident: string): boolean {
    const from = clock.now() - FAILED_LATELY_MS;
    for (const [id, at] of failedAt) {
      if (at >= from) break;
      failedAt.delete(id);
    }
    return failedAt.has(incident);
  }

  /** Kept in order of failure, so that the oldest come first. */
  function noteFailure(incident: string): void {
    failedAt.delete(incident);
    failedAt.set(incident, clock.now());
  }

  /** The first page goes out at once; those that follow are gathered until one call's worth has come in. */
  async function gather(): Promise<void> {
    const gatherMs = Math.min(maxGatherMs, Math.max(GATHER_MS, GATHER_EACH_MS * countRecent()));
    const wait = lastFlushAt + gatherMs - clock.now();
    if (wait <= 0) return;
    const full = new AbortController();
    stopGathering = () => full.abort(enough);
    await clock.sleep(wait, full.signal).catch(() => {});
  }

  async function flush(send: NonNullable<typeof batch>): Promise<void> {
    await gather();
    lastFlushAt = clock.now();
    const requested = queue;
    queue = [];
    try {
      await send(requested);
    } catch (error) {
      for (const { reject } of requested) reject(error);
    }
  }

  function requestPage(
    send: NonNullable<typeof batch>,
    incident: string,
    { reading, openedAt, waitingAt }: Pick<RequestedPage, "reading" | "openedAt" | "waitingAt">,
  ): Promise<SettledPage> {
    const leftWithBot = triedBefore(incident, reading);
    const before = leftWithBot.size;
    const page = new Promise<SettledPage>((resolve, reject) => {
      queue.push({
        incident,
        requestedAt: clock.now(),
        openedAt,
        waitingAt,
        reading,
        effort: failedLately(incident) ? REPEAT_EFFORT : DEFAULT_EFFORT,
        withoutEffect: leftWithBot,
        resolve(settled) {
          failedAt.delete(incident);
          resolve(settled);
        },
        reject(error) {
          noteFailure(incident);
          reject(error);
        },
      });
      recent.push(clock.now());
      if (countRecent() > STORM_PAGES) stormUntil = clock.now() + STORM_LASTS_MS;
      if (queue.length === 1) void flush(send);
      if (queue.length === MAX_MOVES) stopGathering();
    });
    return page.finally(() => {
      if (leftWithBot.size > before) withoutEffect.set(incident, { at: clock.now(), moves: leftWithBot });
    });
  }

  /** A level or fallback policy of programs alone reaches nobody: the incident then goes on to people. */
  async function reachedPeople(
    incident: string,
    openedAt: number | null,
    { taken, isWithPrograms }: SettledPage,
  ): Promise<ActionTaken> {
    if (!isWithPrograms || pagerduty === null || bot === null) return taken;
    const ports = { pagerduty, fallbackPolicy: readFallbackPolicy, clock, log };
    const further = await takeBackFromProgram(
      { incident, openedAt, programs: [bot, ...automationUsers] },
      ports,
    );
    return further.action === "none" ? taken : further;
  }

  return {
    fallbackPolicy: readFallbackPolicy,
    hasSpareCalls: () =>
      underWay.size === 0 && clock.now() >= stormUntil && (pagerduty?.callsLeft() ?? 1) >= MIN_SHARE_TO_SPARE,
    async pageIfWaiting(incident, { snapshot, reading = null, occurredAt }) {
      const none = (sentence: string): ActionTaken => ({ action: "none", sentence, at: clock.now() });
      if (bot === null) return none("The bot has no PagerDuty user, so nothing can wait on it.");
      if (snapshot !== null && !snapshot.assignees.includes(bot))
        return none("The incident is not assigned to the bot.");
      if (batch === null && snapshot === null)
        return none("No PagerDuty token is configured, so the incident cannot be read.");
      if (batch === null)
        throw new Error("the incident waits on the bot, and no PagerDuty token is configured to page with");
      const waitingAt = occurredAt === undefined ? null : waitingAtOf({ snapshot, occurredAt }, bot);
      for (let shared = underWay.get(incident); shared !== undefined; shared = underWay.get(incident)) {
        const taken = await shared.page;
        // A page requested before this event may have read the incident before the event happened.
        const isNewer = waitingAt !== null && (shared.waitingAt === null || waitingAt > shared.waitingAt);
        if (taken.action !== "none" || !isNewer) return taken;
      }
      const openedAt = snapshot?.createdAt ?? reading?.incident.createdAt ?? null;
      const page = requestPage(batch, incident, { reading, openedAt, waitingAt })
        .then((settled) => reachedPeople(incident, openedAt, settled))
        .then((taken) => (waitingAt === null ? taken : markedIfUnnotified(taken)))
        .finally(() => underWay.delete(incident));
      underWay.set(incident, { page, waitingAt });
      const taken = await page;
      log({
        severity: "INFO",
        event: "page.asked",
        incident,
        action: taken.action,
        sentence: taken.sentence,
      });
      return taken;
    },
  };
}
