import type { Prediction } from "@mrdata/incident";
import { type Ledger, type Settings, UnreadableDocumentError } from "@mrdata/platform";
import { type HeldIncident, type ReportData, type ReportModels, timesIn } from "@mrdata/report";
import { isLiveHold, problemsOfStoredRails } from "@mrdata/responder";
import { JOBS_LOOKED_THROUGH, lastTraining, nextTrainingAt } from "../retrain/next-retrain.ts";
import { rulesFor } from "../rules-for.ts";
import type { PromiseOf } from "./promise-of.ts";
import { readReportBudget } from "./read-budget-line.ts";
import { readForbidden } from "./read-forbidden.ts";
import { type JudgedBy, knownIncident, type ReadIncident, readIncidents, rowOf } from "./read-incidents.ts";
import { servicesOf } from "./read-services.ts";

/** What a report is read of; nothing of it writes. */
export type ReportLedger = Pick<
  Ledger,
  | "predictions"
  | "prediction"
  | "incident"
  | "incidentsOfAlertType"
  | "holdsSince"
  | "settings"
  | "missCounts"
  | "missTrail"
  | "lastChecks"
  | "alias"
  | "alertTypeFeedback"
> & { readonly training: Pick<Ledger["training"], "state" | "jobs"> };

export type ReportOptions = {
  /** The moment that it tells of, and how far back, milliseconds. */
  readonly now: number;
  readonly spanMs: number;
  /** The reader's zone; null: the one of the settings' hours, else UTC. */
  readonly timeZone: string | null;
  /** The hold window where a prediction names none, milliseconds. */
  readonly windowMs: number;
  /** How often a training begins by itself, as the bot noted it of itself. */
  readonly retrain: number | "schedule" | null;
  /** What the champion promises; left out: that is not told. */
  readonly certificateOf?: PromiseOf;
  /** So many incidents are read at most. */
  readonly limit?: number;
};

const MAX_INCIDENTS = 10_000;
const DRIFT_SHOWN_MS = 30 * 86_400_000;

/** The zone in which the settings' hours are, for whoever names no other. */
export const zoneOf = (settings: Settings | null): string => settings?.hours?.zone ?? "UTC";

/** Settings, or what keeps them from being read, and whatever else keeps the bot from holding. */
export async function readSettingsOf(ledger: Pick<Ledger, "settings">): Promise<{
  readonly settings: Settings | null;
  readonly problem: string | null;
}> {
  try {
    const settings = await ledger.settings();
    const [problem = null] = problemsOfStoredRails(settings.rails);
    return { settings, problem };
  } catch (error) {
    if (error instanceof UnreadableDocumentError) return { settings: null, problem: error.message };
    throw error;
  }
}

/** Reads all that the report page shows. Rejects where the ledger fails; what cannot be read of it is left out. */
export async function readReport(ledger: ReportLedger, options: ReportOptions): Promise<ReportData> {
  const { now, spanMs, windowMs, limit = MAX_INCIDENTS } = options;
  const since = now - spanMs;
  const { settings, problem } = await readSettingsOf(ledger);
  const timeZone = options.timeZone ?? zoneOf(settings);
  const by: JudgedBy = { now, windowMs, settings };
  const [{ read, isCut }, held, checks, models] = await Promise.all([
    readIncidents(ledger, { ...by, since, limit }),
    readHeld(ledger, by),
    settings === null ? null : readChecks(ledger),
    readModels(ledger, options, settings),
  ]);
  const incidents = read.map(({ row }) => row);
  const names = namesOf(read);
  const nameOf = (service: string): string => names.get(service) ?? service;
  return {
    at: now,
    since,
    timeZone,
    windowMs,
    disarmed: settings?.disarmed ?? null,
    settingsProblem: problem,
    incidents,
    isCut,
    held,
    budget: settings === null ? null : await readReportBudget(ledger, settings, { now, nameOf }),
    services: settings === null ? [] : servicesOf(settings, { names, checks, times: timesIn(timeZone) }),
    models,
    forbidden: await readForbidden(ledger, incidents),
  };
}

/** Of every service that had an incident the name that it was last called by. */
function namesOf(read: readonly ReadIncident[]): ReadonlyMap<string, string | null> {
  const names = new Map<string, string | null>();
  for (const { row } of read) names.set(row.service, names.get(row.service) ?? row.serviceName);
  return names;
}

async function readHeld(ledger: ReportLedger, by: JudgedBy): Promise<readonly HeldIncident[]> {
  const { now, settings } = by;
  if (settings === null) return [];
  const holds = (await ledger.holdsSince(now))
    .map((hold) => asOf(hold, now))
    .filter((hold) => hold.openedAt <= now && isLiveHold(hold, rulesFor(settings, hold.service), now));
  return Promise.all(
    holds.map(async (hold) => {
      const { row } = rowOf(hold, await knownIncident(ledger, hold.incident), by);
      return { ...row, until: hold.holdUntil ?? now };
    }),
  );
}

/** A hold as it was: what ended later had not ended. */
function asOf(hold: Prediction, now: number): Prediction {
  const { ended, ...rest } = hold;
  return ended === undefined || ended.at <= now ? hold : rest;
}

const readChecks = (ledger: Pick<Ledger, "lastChecks">) =>
  ledger.lastChecks().catch((error: unknown) => {
    if (error instanceof UnreadableDocumentError) return null;
    throw error;
  });

async function readModels(
  ledger: ReportLedger,
  { now, retrain, certificateOf }: ReportOptions,
  settings: Settings | null,
): Promise<ReportModels> {
  const [champion, challenger, previous, { paused, drifted }, jobs] = await Promise.all([
    ledger.alias("champion"),
    ledger.alias("challenger"),
    ledger.alias("previous"),
    ledger.training.state(),
    ledger.training.jobs({ limit: JOBS_LOOKED_THROUGH }),
  ]);
  const last = lastTraining(jobs, now);
  return {
    champion,
    challenger,
    previous,
    certificate:
      champion === null || certificateOf === undefined ? null : await certificateOf(champion, settings),
    lastTraining: last === null ? null : sentenceOf(last),
    nextTrainingAt: nextTrainingAt(retrain, last?.createdAt ?? null, now),
    paused: paused?.why ?? null,
    drifted: Object.values(drifted).flatMap(({ at, sentence }) =>
      now - at <= DRIFT_SHOWN_MS ? [sentence] : [],
    ),
  };
}

/** What became of a training job. */
function sentenceOf({
  state,
  version,
  reason,
}: Awaited<ReturnType<ReportLedger["training"]["jobs"]>>[number]): string {
  if (state === "failed") return `failed: ${reason ?? "no reason was noted"}`;
  if (state !== "done") return state === "running" ? "runs now" : "waits in line";
  return reason === null
    ? `made ${version ?? "a version"} champion`
    : `made ${version ?? "a version"}, not champion: ${reason}`;
}
