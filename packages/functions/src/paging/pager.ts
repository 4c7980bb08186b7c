import type { ActionTaken, IncidentSnapshot } from "@mrdata/incident";
import { MAX_MOVES, type PagerDuty } from "@mrdata/pagerduty";
import type { Clock, Ledger, Log } from "@mrdata/platform";
import { toldWaitingAt } from "./behind-event.ts";
import { createFallbackPolicy } from "./fallback-policy.ts";
import { createLook, type Look } from "./look.ts";
import { pageBatch } from "./page-batch.ts";
import { type AskedPage, EFFORT_AGAIN, type SettledPage, USUAL_EFFORT } from "./page-state.ts";
import { createPolicyLevels } from "./policy-levels.ts";
import { takeBackFromProgram } from "./take-back.ts";

export type PagerPorts = {
  readonly ledger: Pick<Ledger, "settings">;
  readonly clock: Clock;
  readonly log: Log;
  /** Null while no PagerDuty token is configured: then the bot can only decide and record. */
  readonly pagerduty: Pick<
    PagerDuty,
    | "callsLeft"
    | "getIncident"
    | "getEscalationPolicy"
    | "listIncidents"
    | "listLogEntries"
    | "moveIncident"
    | "moveIncidents"
  > | null;
};

export type PagerOptions = {
  /** PagerDuty id of the bot's user; null while it has none. */
  readonly bot: string | null;
  /** PagerDuty ids of accounts that are known as programs': what reaches them alone has reached nobody. */
  readonly automationUsers?: readonly string[];
  /** Where the settings name no fallback policy. */
  readonly fallbackPolicy: string | null;
  /** The longest that pages are gathered, milliseconds: for whoever asks for all at once. */
  readonly maxGatherMs?: number;
};

export type Pager = {
  /**
   * Pages if the incident waits on the bot, and tells what was done. `snapshot` spares the calls where it shows that it
   * does not wait; `look` the reading where that was just done. `occurredAt` is when the event of the snapshot occurred, by
   * PagerDuty's clock, milliseconds since the epoch: a reading that may be older than that is made again. Rejects where PagerDuty cannot be reached or refuses.
   */
  pageIfWaiting(
    incident: string,
    known: {
      readonly snapshot: IncidentSnapshot | null;
      readonly look?: Look;
      readonly occurredAt?: number;
    },
  ): Promise<ActionTaken>;
  /** The policy of people that stands behind every other; null where none is set. Never rejects. */
  fallbackPolicy(): Promise<string | null>;
  /** False while calls are better left to pages: notes and details can be done without. */
  hasSpareCalls(): boolean;
};

/** Pages that are asked for within this share their calls. */
const GATHER_MS = 250;
/**
 * The more were asked for within `RECENT_MS`, the longer the next are gathered, for PagerDuty takes 960 calls a minute
 * from all instances together: so many milliseconds for each of them, up to the most.
 */
const GATHER_EACH_MS = 150;
const MAX_GATHER_MS = 10_000;
const RECENT_MS = 5_000;
/** So many within `RECENT_MS` are a storm, which is over for us when there were fewer for so long. */
const STORM_PAGES = 8;
const STORM_LASTS_MS = 60_000;

/** A page that is under way, and `toldAt` of whoever asked for it. */
type PageUnderWay = { readonly page: Promise<ActionTaken>; readonly toldAt: number | null };

const enough = new Error("there are enough");
/** Below this share of the minute's calls, of all processes together, the rest is left to pages. */
const MIN_SHARE_TO_SPARE = 0.5;
/** How long it is remembered which moves left an incident with the bot. */
const MEMORY_MS = 600_000;
/** What failed so lately is tried less hard: it comes again. */
const FAILED_LATELY_MS = 900_000;
/** An assignment so much later than a move is not the one that the move made. */
const CLOCKS_APART_MS = 2_000;

/** Of what was told to wait and does no more: who has taken it may be a program, and then nobody was told. */
const markedIfUntold = (taken: ActionTaken): ActionTaken =>
  taken.action === "none" ? { ...taken, failed: true } : taken;

/**
 * What pages, written once for every caller: pages that are asked for at about the same time are read and moved
 * together. Two that page one incident at once share one page.
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
  let queue: AskedPage[] = [];
  let stopGathering = (): void => {};
  let lastFlushAt = Number.NEGATIVE_INFINITY;

  const readFallbackPolicy = createFallbackPolicy({ ledger, clock }, fallbackPolicy);

  let stormUntil = Number.NEGATIVE_INFINITY;

  /** How many pages were asked for lately. */
  const countRecent = (): number => {
    const from = clock.now() - RECENT_MS;
    while (recent[0] !== undefined && recent[0] < from) recent.shift();
    return recent.length;
  };

  const batchOf = (client: NonNullable<typeof pagerduty>, user: string) => {
    const context = {
      pagerduty: client,
      clock,
      log,
      bot: user,
      programs: [user, ...automationUsers],
      look: createLook({ pagerduty: client, clock }, user),
      policyLevels: createPolicyLevels({ pagerduty: client, clock }),
      fallbackPolicy: readFallbackPolicy,
    };
    return (asked: readonly AskedPage[]) => pageBatch(asked, context);
  };
  const batch = pagerduty === null || bot === null ? null : batchOf(pagerduty, bot);

  /** What is known to have left the incident with the bot, unless somebody has moved it since. */
  function triedBefore(incident: string, look: Look | null): Set<string> {
    const now = clock.now();
    for (const [id, { at }] of withoutEffect) if (now - at > MEMORY_MS) withoutEffect.delete(id);
    const known = withoutEffect.get(incident);
    if (known === undefined) return new Set();
    const assignedAt = look?.incident.assignedAt ?? null;
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

  /** In the order in which they failed, so that the oldest are found first. */
  function noteFailure(incident: string): void {
    failedAt.delete(incident);
    failedAt.set(incident, clock.now());
  }

  /** The first page goes out at once; those that follow are gathered, until there are as many as one call moves. */
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
    const asked = queue;
    queue = [];
    try {
      await send(asked);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }

  function ask(
    send: NonNullable<typeof batch>,
    incident: string,
    { look, openedAt, toldAt }: Pick<AskedPage, "look" | "openedAt" | "toldAt">,
  ): Promise<SettledPage> {
    const leftWithBot = triedBefore(incident, look);
    const before = leftWithBot.size;
    const page = new Promise<SettledPage>((resolve, reject) => {
      queue.push({
        incident,
        askedAt: clock.now(),
        openedAt,
        toldAt,
        look,
        effort: failedLately(incident) ? EFFORT_AGAIN : USUAL_EFFORT,
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

  /** A level, or the fallback policy, of programs alone reaches nobody: then it goes on to people. */
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
    async pageIfWaiting(incident, { snapshot, look = null, occurredAt }) {
      const none = (sentence: string): ActionTaken => ({ action: "none", sentence, at: clock.now() });
      if (bot === null) return none("The bot has no PagerDuty user, so nothing can wait on it.");
      if (snapshot !== null && !snapshot.assignees.includes(bot))
        return none("The incident is not assigned to the bot.");
      if (batch === null && snapshot === null)
        return none("No PagerDuty token is configured, so the incident cannot be read.");
      if (batch === null)
        throw new Error("the incident waits on the bot, and no PagerDuty token is configured to page with");
      const toldAt = occurredAt === undefined ? null : toldWaitingAt({ snapshot, occurredAt }, bot);
      for (let shared = underWay.get(incident); shared !== undefined; shared = underWay.get(incident)) {
        const taken = await shared.page;
        // What was asked before this was told may have looked before it happened.
        const isNewer = toldAt !== null && (shared.toldAt === null || toldAt > shared.toldAt);
        if (taken.action !== "none" || !isNewer) return taken;
      }
      const openedAt = snapshot?.createdAt ?? look?.incident.createdAt ?? null;
      const page = ask(batch, incident, { look, openedAt, toldAt })
        .then((settled) => reachedPeople(incident, openedAt, settled))
        .then((taken) => (toldAt === null ? taken : markedIfUntold(taken)))
        .finally(() => underWay.delete(incident));
      underWay.set(incident, { page, toldAt });
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
