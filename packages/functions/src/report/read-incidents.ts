import { isDrillTitle, type Prediction } from "@mrdata/incident";
import {
  type KnownIncident,
  type Ledger,
  outcomeOfKnown,
  type Settings,
  UnreadableDocumentError,
} from "@mrdata/platform";
import type { ReportIncident } from "@mrdata/report";
import { resultOf } from "@mrdata/responder";
import pMap from "p-map";

export type IncidentLedger = Pick<Ledger, "predictions" | "prediction" | "incident">;

/** The inputs for judging an incident, and the moment of the report, milliseconds since the epoch. */
export type JudgedBy = {
  readonly now: number;
  /** The hold window where a prediction names none, milliseconds. */
  readonly windowMs: number;
  /** Null where the settings cannot be read. */
  readonly settings: Settings | null;
};

/** An incident as the report shows it, and what was recorded of it. */
export type ReadIncident = {
  readonly row: ReportIncident;
  readonly prediction: Prediction;
  readonly known: KnownIncident;
};

const CONCURRENCY = 50;

/** Null where nothing can be read of it: its outcome is then unknown. */
export async function knownIncident(ledger: Pick<Ledger, "incident">, id: string): Promise<KnownIncident> {
  try {
    return await ledger.incident(id);
  } catch (error) {
    if (error instanceof UnreadableDocumentError) return null;
    throw error;
  }
}

/** The decisions since a moment, newest first, each with its outcome; test incidents of a drill are excluded. */
export async function readIncidents(
  ledger: Pick<Ledger, "predictions" | "incident">,
  { since, limit, ...by }: JudgedBy & { readonly since: number; readonly limit: number },
): Promise<{ readonly read: readonly ReadIncident[]; readonly isCut: boolean }> {
  // Incidents that opened after the moment of the report have not happened yet.
  const all = (await ledger.predictions({ limit: limit + 1, since })).filter(
    ({ openedAt }) => openedAt <= by.now,
  );
  const read = await pMap(
    all.slice(0, limit),
    async (prediction) => rowOf(prediction, await knownIncident(ledger, prediction.incident), by),
    { concurrency: CONCURRENCY },
  );
  return { read: read.filter(({ row }) => !isDrillTitle(row.title)), isCut: all.length > limit };
}

/** The hold window that a prediction was made for, milliseconds. */
const windowOf = ({ window, holdUntil, openedAt }: Prediction, usual: number): number =>
  window ?? (holdUntil === null ? usual : holdUntil - openedAt);

/** Joins a prediction with what is known of its incident. */
export function rowOf(
  prediction: Prediction,
  known: KnownIncident,
  { now, windowMs, settings }: JudgedBy,
): ReadIncident {
  const { incident, service, alertType, openedAt, mode, decision, decidedBy, probability } = prediction;
  const { holdUntil, ended } = prediction;
  const by = { windowMs: windowOf(prediction, windowMs), settings };
  const outcome = outcomeOfKnown(known, by, now)?.outcome ?? null;
  const end = holdUntil === null ? openedAt : Math.min(now, holdUntil, ended?.at ?? holdUntil);
  const row: ReportIncident = {
    incident,
    service,
    serviceName: known?.state.serviceName ?? null,
    title: known?.state.title ?? null,
    alarm: alertType,
    openedAt,
    closedAt: closedBy(known, now),
    mode,
    decision,
    decidedBy,
    probability,
    outcome,
    result: resultOf(prediction, outcome),
    heldSeconds: Math.round(Math.max(0, end - openedAt) / 1000),
    pagerDutyUrl: pagerDutyUrlOf(known),
  };
  return { row, prediction, known };
}

/** When it closed, if before the moment of the report. */
function closedBy(known: KnownIncident, now: number): number | null {
  const closedAt = known?.state.closedAt ?? null;
  return closedAt !== null && closedAt <= now ? closedAt : null;
}

/** The incident's URL, from the latest webhook. */
export const pagerDutyUrlOf = (known: KnownIncident): string | null =>
  known?.events.findLast(({ snapshot }) => snapshot?.htmlUrl != null)?.snapshot?.htmlUrl ?? null;
