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
  /** Everything but what the predictor says. */
  readonly around: Omit<Circumstances, "observation" | "forecast" | "predictor" | "now">;
  /** The holds of the last hour, this incident's own not among them. */
  readonly holds: readonly Prediction[];
};

/** The counts of the miss budget move slowly: they are read again after so many milliseconds. */
const BUDGET_AGE_MS = 30_000;
/** Checks are made every few minutes, and what is unknown counts by its beginning, not by when it was read. */
const LAST_CHECKS_AGE_MS = 30_000;

/**
 * Gathers what a decision goes by, all asked for side by side: over the network that is one round trip, and a second
 * one for the storm and the budget, of which the settings say how they are counted. What the guard rails need and cannot be read is null, which stops
 * a hold; what the predictor needs and cannot be read is thrown.
 */
export function createGather(
  { ledger, log }: GatherPorts,
  options: {
    readonly window: number;
    readonly bot: string | null;
    /** Whether a sweep makes the checks of armed services: then they count as unknown where it does not. */
    readonly checks: boolean;
  },
) {
  const { window, bot, checks: areChecked } = options;
  const missesOf = memo((settings: Settings, now: number) => readMisses(ledger, settings, now), {
    ttlMs: BUDGET_AGE_MS,
    now: (_, now) => now,
    // Another service, or one that was armed anew, is another count.
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
      /** Whether the predictor looks at every level of the alarm's name. */
      readonly looksAtNames: boolean;
      readonly settings: Promise<Settings | null>;
      readonly now: number;
    },
  ): Promise<Gathered> {
    const { details, looksAtNames, now } = told;
    const { service, assignees, escalationPolicy } = snapshot;
    const enoughSeen = told.settings.then((settings) => settings?.novelty ?? null);
    const observing = observe(ledger, event, snapshot, { window, details, looksAtNames, enoughSeen });
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
      around: {
        settings: settings === null ? null : rulesFor(settings, service),
        window,
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
