import { memo } from "@mrdata/base";
import type { EventDetails, IncidentEvent, IncidentSnapshot, Prediction } from "@mrdata/incident";
import { armedServices, type Ledger, type Log, modeSince, type Settings } from "@mrdata/platform";
import { type Circumstances, heldLately, type UnknownSince, unknownNow } from "@mrdata/responder";
import { reasonOf } from "@mrdata/runtime";
import { rulesFor } from "../rules-for.ts";
import { countedServices, readMisses } from "../sweep/budget.ts";
import { createCountOpened } from "./count-opened.ts";
import { readFeedback } from "./name-feedback.ts";
import { type Observed, observe } from "./observe.ts";

const HOUR = 3_600_000;

export type GatherPorts = {
  readonly ledger: Pick<
    Ledger,
    | "recordsBeside"
    | "organisationCounts"
    | "holdsSince"
    | "openedWithin"
    | "alertTypeFeedback"
    | "missCounts"
    | "lastChecks"
    | "missTrail"
  >;
  readonly log: Log;
};

export type Gathered = Pick<Observed, "observation" | "asOf" | "alertType" | "names"> & {
  /** Everything except the predictor's forecast. */
  readonly circumstances: Omit<Circumstances, "observation" | "forecast" | "predictor" | "now">;
  /** The holds of the last hour, except this incident's own. */
  readonly holds: readonly Prediction[];
};

/** The miss budget's counts change slowly: they are read again after this. */
const BUDGET_AGE_MS = 30_000;
/** Checks run every few minutes, and an unknown check counts from when it became unknown, not from this read. */
const LAST_CHECKS_AGE_MS = 30_000;

/**
 * Gathers the inputs of a decision concurrently: one round trip over the network, and a second for the storm and the
 * miss budget, whose counting the settings define. An input of the guard rails that cannot be read is null, which
 * prevents a hold; an unreadable input of the predictor is thrown.
 */
export function createGather(
  { ledger, log }: GatherPorts,
  options: {
    readonly windowMs: number;
    readonly bot: string | null;
    /** Whether a sweep runs the checks of armed services: if so, checks that have not run count as unknown. */
    readonly checks: boolean;
  },
) {
  const { windowMs, bot, checks: areChecked } = options;
  const missesOf = memo((settings: Settings, now: number) => readMisses(ledger, settings, now), {
    ttlMs: BUDGET_AGE_MS,
    now: (_, now) => now,
    // Another service, or one armed anew, has its own count.
    keyOf: (settings, now) =>
      countedServices(settings, now)
        .map(({ service }) => `${service} ${modeSince(settings, service)}`)
        .join(),
  });
  const lastChecks = memo((_now: number) => ledger.lastChecks(), {
    ttlMs: LAST_CHECKS_AGE_MS,
    now: (now) => now,
  });
  const unknownChecksOf = async (
    service: string,
    settings: Settings | null,
    now: number,
  ): Promise<readonly UnknownSince[]> => {
    const isAsked = areChecked && settings !== null && armedServices(settings).includes(service);
    return unknownNow(
      await lastChecks(now),
      { service, armedAt: isAsked ? modeSince(settings, service) : null },
      now,
    );
  };
  const countOpened = createCountOpened(ledger);
  const orNull = async <T>(what: string, reading: Promise<T>): Promise<T | null> => {
    try {
      return await reading;
    } catch (error) {
      log({ severity: "ERROR", event: "circumstances.unreadable", what, reason: reasonOf(error) });
      return null;
    }
  };

  return async function gather(
    event: IncidentEvent,
    snapshot: IncidentSnapshot,
    told: {
      readonly details: EventDetails;
      /** Whether the predictor uses every level of the alarm's name. */
      readonly looksAtNames: boolean;
      readonly settings: Promise<Settings | null>;
      readonly now: number;
    },
  ): Promise<Gathered> {
    const { details, looksAtNames, now } = told;
    const { service, assignees, escalationPolicy } = snapshot;
    const enoughSeen = told.settings.then((settings) => settings?.novelty ?? null);
    const observing = observe(ledger, event, snapshot, { windowMs, details, looksAtNames, enoughSeen });
    const organisation = async () => (await observing).observation.organisation;
    const opened = told.settings.then((settings) =>
      settings === null ? null : countOpened({ at: event.occurredAt, rule: settings.storm, organisation }),
    );
    const missed = told.settings.then((settings) => (settings === null ? null : missesOf(settings, now)));
    const [observed, settings, holds, openedNow, misses, feedback, unknownChecks] = await Promise.all([
      observing,
      told.settings,
      orNull("holds", ledger.holdsSince(now - HOUR)),
      orNull("storm", opened),
      orNull("miss budget", missed),
      orNull("feedback", readFeedback(ledger, service, snapshot.title)),
      orNull(
        "unknown checks",
        told.settings.then((read) => unknownChecksOf(service, read, now)),
      ),
    ]);
    const { alertType, names } = observed;
    const others = holds?.filter(({ incident }) => incident !== event.incident) ?? null;
    return {
      ...observed,
      holds: others ?? [],
      circumstances: {
        settings: settings === null ? null : rulesFor(settings, service),
        windowMs,
        touchedByPerson: event.actor === "human",
        escalationPolicy,
        waitsOnBot: bot !== null && assignees.length === 1 && assignees[0] === bot,
        alertType,
        names,
        held: others === null ? null : heldLately(others, { service, alertType, names }, now),
        opened: openedNow,
        feedback,
        misses,
        unknownChecks,
      },
    };
  };
}
