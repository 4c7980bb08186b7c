import type { Actor, IncidentEvent, Outcome, Prediction } from "@mrdata/incident";
import { forecastOfFeatures, type Interval, type Moved, readVersion, wilsonInterval } from "@mrdata/learning";
import {
  defaultSettings,
  type Ledger,
  type ModelStore,
  outcomeOfKnown,
  type Settings,
} from "@mrdata/platform";
import type { WindowOf } from "../decisions/window-of.ts";
import { incidentOf, predictionOf } from "../incident-of.ts";
import { askChampion, type KnownPast } from "../past/ask-champion.ts";
import { settingsOrNull } from "../settings-unreadable.ts";
import { type SimilarIncident, similarTo } from "./similar.ts";

type OrNull<T> = { readonly [field in keyof T]: T[field] | null };

/** Everything known of an incident: its prediction with contributions, outcome, events in order, and similar incidents. The keys are those of `--json`. */
export type Explanation = OrNull<Omit<Prediction, "incident">> & {
  readonly incident: string;
  readonly title: string | null;
  readonly serviceName: string | null;
  /** The 95 % interval of the probability; null without a prediction. */
  readonly interval: Interval | null;
  /** The features' contributions to a model's prediction, largest first; empty without a model. */
  readonly moved: readonly Moved[];
  readonly outcome: Outcome | null;
  /** Who closed it; null while it is open. */
  readonly actor: Actor | null;
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly actor: Actor;
    /** PagerDuty id of the actor; null if unnamed. */
    readonly actorId: string | null;
    readonly occurredAt: string;
    readonly note: string | null;
  }[];
  /** Earlier incidents of the same alert type, newest first. */
  readonly similar: readonly SimilarIncident[];
  /** For an incident without a decision: the champion's prediction today. Absent if there is a decision or no prediction is possible. */
  readonly wouldBe?: WouldBe;
};

/** The hypothetical decision for an incident that predates the bot, had its service been armed. */
export type WouldBe = Pick<
  Prediction,
  "model" | "decision" | "decidedBy" | "probability" | "abstained" | "reasons" | "verdicts"
> &
  Pick<Explanation, "interval" | "moved"> & {
    /** Whether this incident was in the champion's training data. */
    readonly learntFrom: boolean;
  };

export type ExplainPorts = {
  readonly ledger: Ledger;
  readonly models: Pick<ModelStore, "read" | "versions">;
  readonly windowOf: WindowOf;
  /** The ledger's whole history, read only for an incident without a decision. */
  readonly past: () => Promise<KnownPast>;
};

export async function explanationOf(
  ports: ExplainPorts,
  incident: string,
  now = Date.now(),
): Promise<Explanation> {
  const { ledger, models, windowOf } = ports;
  const [known, prediction, settings] = await Promise.all([
    incidentOf(ledger, incident),
    predictionOf(ledger, incident),
    settingsOrNull(ledger),
  ]);
  const windowMs = await windowOf(prediction);
  const events = known?.events ?? [];
  const closing = events.findLast((event) => event.type === "resolved" || event.type === "reopened");
  const [why, similar, wouldBe] = await Promise.all([
    attributionOf(models, prediction),
    known === null ? [] : similarTo(ledger, known.state, { windowMs, settings, now }),
    prediction !== null || known === null
      ? null
      : wouldBeOf(ports, incident, settings ?? defaultSettings, windowMs),
  ]);
  return {
    ...(prediction ?? { incident, ...noPrediction }),
    title: known?.state.title ?? null,
    serviceName: events.findLast(({ snapshot }) => snapshot?.serviceName)?.snapshot?.serviceName ?? null,
    service: prediction?.service ?? known?.state.service ?? null,
    openedAt: prediction?.openedAt ?? known?.state.openedAt ?? null,
    ...why,
    outcome: outcomeOfKnown(known, { windowMs, settings }, now)?.outcome ?? null,
    actor: closing?.type === "resolved" ? closing.actor : null,
    events: events.map(summaryOf),
    similar,
    ...(wouldBe === null ? {} : { wouldBe }),
  };
}

async function wouldBeOf(
  { ledger, models, past }: ExplainPorts,
  incident: string,
  settings: Settings,
  windowMs: number,
): Promise<WouldBe | null> {
  const isThisIncident = ({ id }: { readonly id: string }) => id === incident;
  const { said, learntUntil } = await askChampion({ ledger, models }, await past(), isThisIncident, {
    settings,
    windowMs,
  });
  const prediction = said.get(incident);
  if (prediction === undefined) return null;
  const { model, decision, decidedBy, probability, abstained, reasons, verdicts, openedAt } = prediction;
  return {
    ...{ model, decision, decidedBy, probability, abstained, reasons, verdicts },
    ...(await attributionOf(models, prediction)),
    learntFrom: learntUntil !== null && openedAt <= learntUntil,
  };
}

const noPrediction: OrNull<Omit<Prediction, "incident">> = {
  prediction: null,
  confidence: null,
  probability: null,
  abstained: null,
  model: null,
  features: null,
  reasons: null,
  asOf: null,
  decision: null,
  decidedBy: null,
  verdicts: null,
  mode: null,
  service: null,
  alertType: null,
  openedAt: null,
  decidedAt: null,
  holdUntil: null,
  taken: null,
};

/** Recomputes interval and contributions with the version that predicted; empty if that is gone or has other features. */
async function attributionOf(
  models: Pick<ModelStore, "read">,
  prediction: Prediction | null,
): Promise<Pick<Explanation, "interval" | "moved">> {
  if (prediction === null || prediction.probability === null) return { interval: null, moved: [] };
  const { model, features, probability } = prediction;
  const seen = features["alert-type.seen"];
  if (model === "rate") return { interval: wilsonInterval(probability, seen ?? 0), moved: [] };
  try {
    const version = await readVersion((file) => models.read(model, file));
    const { interval, moved } = forecastOfFeatures(version, features);
    return { interval, moved };
  } catch {
    return { interval: null, moved: [] };
  }
}

const summaryOf = ({ id, type, actor, actorId, occurredAt, note }: IncidentEvent) => ({
  id,
  type,
  actor,
  actorId,
  occurredAt: new Date(occurredAt).toISOString(),
  note,
});
