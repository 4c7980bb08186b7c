import { feedbackOf, isDrillTitle, type Outcome, type Prediction } from "@mrdata/incident";
import { defaultSettings, type Ledger, outcomeAt, type Settings } from "@mrdata/platform";
import { heldAsArmed, type MonitorToFix, monitorsToFix, type Result, resultOf } from "@mrdata/responder";
import pMap from "p-map";
import { readableOf } from "../incident-of.ts";
import { settingsOrNull } from "../settings-unreadable.ts";
import type { WindowOf } from "./window-of.ts";

/** A prediction joined with its outcome. Times are milliseconds since the epoch. */
export type DecisionRow = {
  readonly incident: string;
  readonly service: string;
  /** Null if no webhook or export named it. */
  readonly serviceName: string | null;
  readonly alertType: string;
  readonly title: string | null;
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly mode: Prediction["mode"];
  readonly decision: Prediction["decision"];
  readonly decidedBy: string;
  readonly probability: number | null;
  readonly model: string;
  readonly outcome: Outcome | null;
  readonly result: Result;
  /** Seconds for which its page was held; 0 if it was not. */
  readonly heldSeconds: number;
  readonly action: Prediction["taken"]["action"];
  readonly control: Prediction["control"] | null;
  readonly feedback: readonly { readonly said: string; readonly who: string | null; readonly at: number }[];
};

export type LedgerOfDecisions = {
  readonly rows: readonly DecisionRow[];
  readonly counts: Readonly<Record<Result, number>>;
  readonly monitorsToFix: readonly MonitorToFix[];
  /**
   * For services that were not armed: how many incidents would have been held on their own, and how many of these with the caps that
   * apply to armed services.
   */
  readonly unarmed: { readonly holds: number; readonly asArmed: number };
};

export type DecisionOptions = {
  readonly since: number;
  readonly service?: string | undefined;
  readonly now: number;
  readonly windowOf: WindowOf;
  readonly limit?: number;
  readonly progress?: (done: number, of: number) => void;
};

const MAX_DECISIONS = 100_000;
/** Incidents read concurrently, and between two progress reports. */
const CONCURRENCY = 50;

/** Reads the decisions since a moment, newest first, with the outcome of each. */
export async function readDecisions(
  ledger: Pick<Ledger, "predictions" | "incident" | "settings">,
  { since, service, now, windowOf, limit = MAX_DECISIONS, progress = () => {} }: DecisionOptions,
): Promise<LedgerOfDecisions> {
  const predictions = await ledger.predictions({
    limit,
    since,
    ...(service === undefined ? {} : { service }),
  });
  // With unreadable settings nothing is held; the defaults are close enough for what would be.
  const settings = await settingsOrNull(ledger);
  const { caps } = settings ?? defaultSettings;
  let read = 0;
  const rows = await pMap(
    predictions,
    async (one) => {
      const row = await rowOf(ledger, one, { now, windowOf, settings });
      read++;
      if (read % CONCURRENCY === 0) progress(read, predictions.length);
      return row;
    },
    { concurrency: CONCURRENCY },
  );
  const unarmed = predictions.flatMap((prediction, i) => {
    const closedAt = rows[i]?.closedAt ?? null;
    return prediction.mode === "armed" ? [] : [{ prediction, openedAt: prediction.openedAt, closedAt }];
  });
  const windowMs = await windowOf(unarmed[0]?.prediction ?? null);
  return {
    rows,
    counts: countsOf(rows),
    unarmed: {
      holds: unarmed.filter(({ prediction }) => prediction.decision === "hold").length,
      asArmed: heldAsArmed(unarmed, { windowMs, caps }).length,
    },
    monitorsToFix: monitorsToFix(
      rows
        .filter(({ title }) => !isDrillTitle(title))
        .map((row) => ({ ...row, held: row.decision === "hold" })),
    ),
  };
}

/** The number of rows by result. */
export function countsOf(rows: readonly Pick<DecisionRow, "result">[]): Readonly<Record<Result, number>> {
  const of = (wanted: Result) => rows.filter(({ result }) => result === wanted).length;
  return {
    hit: of("hit"),
    miss: of("miss"),
    "correct page": of("correct page"),
    "unneeded page": of("unneeded page"),
    control: of("control"),
    neither: of("neither"),
    open: of("open"),
  };
}

export async function rowOf(
  ledger: Pick<Ledger, "incident">,
  prediction: Prediction,
  {
    now,
    windowOf,
    settings,
  }: Pick<DecisionOptions, "now" | "windowOf"> & { readonly settings: Settings | null },
): Promise<DecisionRow> {
  const { incident, service, alertType, openedAt, mode, decision, decidedBy, probability, model } =
    prediction;
  const { holdUntil, ended, taken, control = null } = prediction;
  const { known, decided } = await outcomeAt(readableOf(ledger), incident, {
    windowMs: await windowOf(prediction),
    settings,
    now,
  });
  const outcome = decided?.outcome ?? null;
  const end = holdUntil === null ? openedAt : Math.min(now, holdUntil, ended?.at ?? holdUntil);
  return {
    incident,
    service,
    serviceName: known?.state.serviceName ?? null,
    alertType,
    title: known?.state.title ?? null,
    openedAt,
    closedAt: known?.state.closedAt ?? null,
    mode,
    decision,
    decidedBy,
    probability,
    model,
    outcome,
    result: resultOf(prediction, outcome),
    heldSeconds: Math.round(Math.max(0, end - openedAt) / 1000),
    action: taken.action,
    control,
    feedback: (known?.events ?? []).flatMap((event) => {
      const said = feedbackOf(event);
      return said === null ? [] : [{ said, who: event.actorId, at: event.occurredAt }];
    }),
  };
}
