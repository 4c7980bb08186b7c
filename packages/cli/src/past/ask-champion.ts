import { createChampion, readFeedback } from "@mrdata/functions";
import {
  type AlertTypeFeedback,
  isDrillTitle,
  type PastIncident,
  type Prediction,
  pastOf,
} from "@mrdata/incident";
import { ModelRefusedError, readCard } from "@mrdata/learning";
import type { Ledger, ModelStore, Settings } from "@mrdata/platform";
import { systemClock } from "@mrdata/platform";
import { paceOf } from "../pace.ts";
import { asIfDecided } from "./as-if-decided.ts";

/** A ledger's whole history without drills, and which incidents people opened. */
export type KnownPast = {
  readonly incidents: readonly PastIncident[];
  readonly openedByPeople: ReadonlySet<string>;
};

export async function readPast(
  ledger: Pick<Ledger, "pastIncidents">,
  progress: (sentence: string) => void = () => {},
): Promise<KnownPast> {
  const incidents: PastIncident[] = [];
  const openedByPeople = new Set<string>();
  const pace = paceOf(Date.now);
  for await (const { events } of ledger.pastIncidents()) {
    const incident = pastOf(events);
    if (incident === null || isDrillTitle(incident.title)) continue;
    incidents.push(incident);
    const opening = events.find(({ type }) => type === "triggered");
    if (opening?.actor === "human") openedByPeople.add(incident.id);
    if (incidents.length % 500 === 0)
      progress(`reading the ledger: ${incidents.length} incidents${pace(incidents.length)}`);
  }
  return { incidents, openedByPeople };
}

/** The current predictor's hypothetical decisions for incidents without one. */
export type Asked = {
  /** The champion's name; `rate` if the alert type's historical rate takes its place. */
  readonly model: string;
  /** Why it made no predictions; null if it did. */
  readonly refused: string | null;
  /** By incident id; incidents without a prediction are left out. */
  readonly said: ReadonlyMap<string, Prediction>;
  /** Incidents opened up to this time may be in its training data, milliseconds since the epoch; null without training. */
  readonly learntUntil: number | null;
};

export type AskPorts = {
  readonly ledger: Pick<Ledger, "alias" | "alertTypeFeedback">;
  readonly models: Pick<ModelStore, "read" | "versions">;
};

/** Lets the current predictor, champion or historical rate, decide on each selected incident. `windowMs`: the bot's, milliseconds. */
export async function askChampion(
  { ledger, models }: AskPorts,
  { incidents, openedByPeople }: KnownPast,
  isSelected: (incident: PastIncident) => boolean,
  { settings, windowMs }: { readonly settings: Settings; readonly windowMs: number },
): Promise<Asked> {
  const ports = { ledger, models, clock: systemClock, log: () => {} };
  // Its age decides whether it may hold today, but does not affect what it predicts.
  const predictor = await createChampion(ports, { windowMs, maxAgeMs: Number.POSITIVE_INFINITY })();
  const { version: model, refused } = predictor;
  if (refused !== null) return { model, refused, said: new Map(), learntUntil: null };
  const feedback = await feedbackOfAlarms(ledger, incidents.filter(isSelected));
  const said = asIfDecided(incidents, isSelected, {
    predictor,
    settings,
    windowMs,
    openedByPeople,
    feedbackOf: (incident) => feedback.get(alarmOf(incident)) ?? { hold: null },
  });
  return { model, refused, said, learntUntil: await learntUntilOf(models, model) };
}

const alarmOf = ({ service, title }: PastIncident): string => `${service} ${title}`;

async function feedbackOfAlarms(
  ledger: Pick<Ledger, "alertTypeFeedback">,
  incidents: readonly PastIncident[],
): Promise<ReadonlyMap<string, AlertTypeFeedback>> {
  const alarms = new Map(incidents.map((incident) => [alarmOf(incident), incident]));
  const known = new Map<string, AlertTypeFeedback>();
  for (const [alarm, { service, title }] of alarms)
    known.set(alarm, await readFeedback(ledger, service, title));
  return known;
}

async function learntUntilOf(models: Pick<ModelStore, "read">, model: string): Promise<number | null> {
  if (model === "rate") return null;
  try {
    return Date.parse((await readCard((file) => models.read(model, file))).to);
  } catch (error) {
    if (error instanceof ModelRefusedError) return null;
    throw error;
  }
}
