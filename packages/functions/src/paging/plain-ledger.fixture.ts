import type { ActionTaken, IncidentEvent, Prediction } from "@mrdata/incident";
import { defaultSettings, type Settings, withMode } from "@mrdata/platform";
import { barePrediction } from "./bare-prediction.ts";
import { START } from "./scripted-pagerduty.fixture.ts";

export const MINUTE = 60_000;
export const WINDOW_MS = 5 * MINUTE;
export const SERVICE = "PSERVICE";
const byTest = { why: "a test", who: "PROBIN", at: START - 60 * MINUTE };

/** The service is armed and has enough history, and no would-be hold is drawn as a control. */
export const armed: Settings = withMode(
  { ...defaultSettings, control: 0, novelty: 0, history: 0 },
  SERVICE,
  { mode: "armed", policy: "PARMED" },
  byTest,
);

const nothing: ActionTaken = { action: "none", sentence: "Nothing done yet.", at: START };

/** A decision to page of an armed service. */
export const paged = (incident: string, change: Partial<Prediction> = {}): Prediction => ({
  ...barePrediction({
    incident,
    service: SERVICE,
    title: "Disk full",
    openedAt: START,
    mode: "armed",
    windowMs: WINDOW_MS,
    decidedBy: "sweep",
    sentence: "A test.",
    taken: nothing,
  }),
  ...change,
});

/** A hold that lasts until the window's end. */
export const held = (incident: string, change: Partial<Prediction> = {}): Prediction =>
  paged(incident, {
    decision: "hold",
    decidedBy: "threshold",
    probability: 0.95,
    abstained: null,
    verdicts: [],
    holdUntil: START + WINDOW_MS,
    unsettled: true,
    ...change,
  });

/** An in-memory ledger of incidents; `fails` names the methods that throw. */
export function plainLedger(options: { settings?: Settings; stored?: readonly Prediction[] } = {}) {
  const predictions = new Map((options.stored ?? []).map((one) => [one.incident, one]));
  const events = new Map<string, readonly IncidentEvent[]>();
  const fails = new Set<string>();
  const claimed = new Set<string>();
  let settings = options.settings ?? armed;
  const check = (name: string): void => {
    if (fails.has(name) || fails.has("all")) throw new Error(`the ledger is down (${name})`);
  };
  const change = (incident: string, work: (before: Prediction) => Prediction): void => {
    const before = predictions.get(incident);
    if (before !== undefined) predictions.set(incident, work(before));
  };
  return {
    predictions,
    events,
    fails,
    async settings() {
      check("settings");
      return settings;
    },
    async changeSettings(work: (before: Settings) => Settings) {
      check("changeSettings");
      settings = work(settings);
      return settings;
    },
    async noteDisarming() {
      check("noteDisarming");
    },
    async prediction(incident: string) {
      check("prediction");
      return predictions.get(incident) ?? null;
    },
    async createPrediction(prediction: Prediction) {
      check("createPrediction");
      if (predictions.has(prediction.incident)) return false;
      predictions.set(prediction.incident, prediction);
      return true;
    },
    async endHold(incident: string, ended: { readonly at: number; readonly why: string }) {
      check("endHold");
      change(incident, (one) => (one.holdUntil === null || one.ended ? one : { ...one, ended }));
    },
    async noteAction(incident: string, taken: ActionTaken) {
      check("noteAction");
      const before = predictions.get(incident);
      if (before === undefined || before.taken.action !== "none") return false;
      predictions.set(incident, { ...before, taken });
      return true;
    },
    async claimNote(incident: string, _at: number, answerTo?: string) {
      check("claimNote");
      if (!predictions.has(incident)) return answerTo !== undefined;
      const claim = `${incident} ${answerTo ?? "decision"}`;
      if (claimed.has(claim)) return false;
      claimed.add(claim);
      return true;
    },
    async holdsSince(at: number) {
      check("holdsSince");
      return [...predictions.values()].filter(({ holdUntil }) => holdUntil !== null && holdUntil > at);
    },
    async incident(): Promise<null> {
      check("incident");
      return null;
    },
  };
}
