import type { Prediction } from "@mrdata/incident";
import type { RestIncident } from "@mrdata/pagerduty";
import type { Settings } from "@mrdata/platform";
import { isLiveHold, isStorm } from "@mrdata/responder";
import { reasonOf } from "@mrdata/runtime";
import pMap from "p-map";
import { barePrediction } from "../paging/bare-prediction.ts";
import type { IncidentReading } from "../paging/incident-reader.ts";
import { pageAndRecord } from "../paging/page-and-record.ts";
import { writeAssignedNote } from "../paging/write-note.ts";
import { rulesFor } from "../rules-for.ts";
import { withinMs } from "../within.ts";
import type { SweepContext } from "./context.ts";
import { findWaiting, type Waiting } from "./find-waiting.ts";
import { noteUnreported } from "./read-unreported-notes.ts";
import { takeBackAssigned } from "./take-back-assigned.ts";

/** For this long after its opening an incident is left to `respond`, which may still be deciding or gathering pages. */
export const LEFT_TO_RESPOND_MS = 15_000;
/**
 * An incident assigned to the bot this long after it opened was with somebody else before: the opening assignment is
 * immediate.
 */
const ASSIGNED_AT_OPENING_MS = 15_000;
/** A page waits no longer than this for the ledger: without an answer nothing is held. */
const MAX_LEDGER_WAIT_MS = 5_000;
/** As many as one call can move. */
const CONCURRENCY = 250;

export type PagedWaiting = {
  readonly waiting: number;
  readonly paged: number;
  /** Incidents that go on waiting: held, or not the bot's to page. */
  readonly kept: readonly RestIncident[];
  /** Incidents that should have been paged and could not be. */
  readonly unpaged: readonly RestIncident[];
  readonly failures: readonly unknown[];
};

export type PageWaitingOptions = {
  /**
   * Until when, milliseconds since the epoch, to poll again for incidents that were too young; null leaves it to the
   * poll that follows. A minute in which nothing opens costs one poll.
   */
  readonly pollUntil: number | null;
};

/** Pages what waits on the bot without a live hold, whether or not a webhook reported it. */
export async function pageWaiting(
  context: SweepContext,
  settings: Settings | null,
  { pollUntil }: PageWaitingOptions,
): Promise<PagedWaiting> {
  const { sweeping, clock } = context;
  if (sweeping === null) return { waiting: 0, paged: 0, kept: [], unpaged: [], failures: [] };
  const failures: unknown[] = [];
  const [isStormNow, first] = await Promise.all([
    settings === null ? false : stormNow(context, settings, failures),
    findWaiting(sweeping, clock),
  ]);
  forgetAssigned(context, first);

  let paged = 0;
  const kept: RestIncident[] = [];
  const unpaged: RestIncident[] = [];
  const swept = new Set<string>();
  const sweepAll = (readings: readonly IncidentReading[]): Promise<unknown> =>
    pMap(
      readings,
      async (reading) => {
        swept.add(reading.incident.id);
        try {
          if (await sweepOne(context, reading, { settings, isStorm: isStormNow })) paged++;
          else kept.push(reading.incident);
        } catch (error) {
          unpaged.push(reading.incident);
          failures.push(error);
        }
      },
      { concurrency: CONCURRENCY },
    );
  const leftToRespond = createLeftToRespond();
  let waiting = first;
  for (;;) {
    failures.push(...waiting.failures);
    const now = clock.now();
    const unswept = waiting.found.filter(({ incident }) => !swept.has(incident.id));
    const young = unswept.filter((reading) => leftToRespond(reading, now) > 0);
    await sweepAll(unswept.filter((reading) => leftToRespond(reading, now) <= 0));
    if (young.length === 0 || pollUntil === null || clock.now() >= pollUntil) break;
    const oldEnoughAt = now + Math.max(...young.map((reading) => leftToRespond(reading, now)));
    await clock.sleep(Math.max(0, oldEnoughAt - clock.now()));
    waiting = withUnread(young, await findWaiting(sweeping, clock));
  }
  return { waiting: first.found.length, paged, kept, unpaged, failures };
}

/** For how much longer, milliseconds, an incident is left to `respond`: by its age, whatever it claims that is. */
function createLeftToRespond(): (reading: IncidentReading, now: number) => number {
  const seenAt = new Map<string, number>();
  return ({ incident: { id, createdAt } }, now) => {
    const seen = seenAt.get(id) ?? now;
    seenAt.set(id, seen);
    return createdAt === null ? 0 : Math.min(seen, createdAt) + LEFT_TO_RESPOND_MS - now;
  };
}

/**
 * Most of the young incidents are paged by now and no longer in the list. If the list fails, the earlier one is used.
 */
function withUnread(young: readonly IncidentReading[], { found, failures }: Waiting): Waiting {
  if (failures.length === 0) return { found, failures };
  const listed = new Set(found.map(({ incident }) => incident.id));
  return { found: [...found, ...young.filter(({ incident }) => !listed.has(incident.id))], failures };
}

/** Incidents that no longer wait, or came by their policy since, may be notified about again. */
function forgetAssigned({ notifiedAssigned }: SweepContext, { found }: Waiting): void {
  for (const incident of notifiedAssigned)
    if (!found.some((one) => one.incident.id === incident)) notifiedAssigned.delete(incident);
}

/**
 * Whether a storm is under way, by the incidents of the last minutes, for incidents that `respond` did not judge. If
 * they cannot be counted, assumes one.
 */
async function stormNow(
  { ledger, clock }: SweepContext,
  settings: Settings,
  failures: unknown[],
): Promise<boolean> {
  const now = clock.now();
  try {
    const [opened, organisation] = await withinMs(clock, MAX_LEDGER_WAIT_MS, "counting incidents", () =>
      Promise.all([ledger.openedWithin(now, settings.storm.seconds * 1000), ledger.organisationCounts(now)]),
    );
    return isStorm(opened, organisation, settings.storm);
  } catch (error) {
    failures.push(error);
    return true;
  }
}

type Circumstances = { readonly settings: Settings | null; readonly isStorm: boolean };

/** Pages one incident unless a live hold keeps it back. True if it was paged. */
async function sweepOne(
  context: SweepContext,
  reading: IncidentReading,
  of: Circumstances,
): Promise<boolean> {
  const { incident } = reading;
  const stored = await storedOf(context, incident.id);
  if (stored === null) noteUnreported(context, incident);
  const service = stored?.service ?? incident.serviceId ?? "";
  const rules = of.settings === null ? null : rulesFor(of.settings, service);
  const isBack = cameBack(incident);
  const isHeld = isLiveHold(stored, rules, context.clock.now());
  if (isHeld && !of.isStorm && !isBack && incident.urgency === "high") return false;
  const why = of.isStorm
    ? "A storm."
    : isBack
      ? "It came back to the bot."
      : "It waited on the bot without a live hold.";
  const bare = (sentence: string, taken: Prediction["taken"]): Prediction =>
    barePrediction({
      incident: incident.id,
      service,
      title: incident.title,
      openedAt: incident.createdAt ?? reading.at,
      mode: rules?.mode ?? "shadow",
      windowMs: context.windowMs,
      decidedBy: "sweep",
      sentence,
      taken,
    });
  let decision: Prediction | null = null;
  try {
    const { taken } = await pageAndRecord(context, {
      incident: incident.id,
      snapshot: null,
      reading,
      stored,
      why,
      decision: (done) => {
        decision = done.action === "none" ? null : bare(why, done);
        return decision;
      },
    });
    if (taken.action !== "none") {
      context.log({ severity: "WARNING", event: "sweep.paged", incident: incident.id, service });
      return true;
    }
    if (incident.assignedVia === "escalation_policy") return false;
    const takenBack = await takeBackAssigned(context, incident, stored);
    if (takenBack !== null) {
      decision = stored === null ? bare("A program assigned it to the bot by hand.", takenBack) : null;
      if (decision !== null) await context.ledger.createPrediction(decision);
      return true;
    }
    await answerAssignment(context, incident.id, stored, bare("A person assigned it to the bot.", taken));
    return false;
  } catch (error) {
    // It was paged, but that could not be recorded.
    if (decision !== null) context.unrecorded.add(decision);
    throw error;
  }
}

/** A person assigned the incident to the bot: a note says that this pages nobody. The action needs a decision, too. */
async function answerAssignment(
  context: SweepContext,
  incident: string,
  stored: Prediction | null,
  decision: Prediction,
): Promise<void> {
  if (context.notifiedAssigned.has(incident)) return;
  if (stored === null) await context.ledger.createPrediction(decision);
  if (await writeAssignedNote(context, incident)) context.notifiedAssigned.add(incident);
}

/** Null also where the ledger fails: no hold is then known, and everything is paged. */
async function storedOf({ ledger, clock, log }: SweepContext, incident: string): Promise<Prediction | null> {
  try {
    return await withinMs(clock, MAX_LEDGER_WAIT_MS, `the decision on ${incident}`, () =>
      ledger.prediction(incident),
    );
  } catch (error) {
    log({ severity: "ERROR", event: "hold.unreadable", incident, reason: reasonOf(error) });
    return null;
  }
}

/** True if a person or a repeating policy gave it back: one hold per incident, even if no webhook reported it. */
const cameBack = ({ createdAt, assignedAt }: RestIncident): boolean =>
  createdAt !== null && assignedAt !== null && assignedAt - createdAt > ASSIGNED_AT_OPENING_MS;
