import type { Prediction } from "@mrdata/incident";
import { type Ledger, lastDecidedBefore, type Settings, UnreadableDocumentError } from "@mrdata/platform";
import { type HeldIncident, type ReportData, type ReportModels, timesIn } from "@mrdata/report";
import { isLiveHold, problemsOfStoredRails } from "@mrdata/responder";
import { JOBS_LOOKED_THROUGH, lastTraining, nextTrainingAt } from "../retrain/next-retrain.ts";
import { rulesFor } from "../rules-for.ts";
import type { PromiseOf } from "./promise-of.ts";
import { readReportBudget } from "./read-budget-line.ts";
import { readForbidden } from "./read-forbidden.ts";
import { type JudgedBy, knownIncident, type ReadIncident, readIncidents, rowOf } from "./read-incidents.ts";
import { servicesOf } from "./read-services.ts";

/** The sources of a report; all are read-only. */
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
  /** The moment of the report, and how far back it reaches, milliseconds. */
  readonly now: number;
  readonly spanMs: number;
  /** The reader's time zone; null: the zone of the settings' hours, else UTC. */
  readonly timeZone: string | null;
  /** The hold window where a prediction names none, milliseconds. */
  readonly windowMs: number;
  /** How often a training begins by itself, as the bot noted in its deployment. */
  readonly retrain: number | "schedule" | null;
  /** What the champion promises; omitted: not shown. */
  readonly certificateOf?: PromiseOf;
  /** Maximum number of incidents read. */
  readonly limit?: number;
};

const MAX_INCIDENTS = 10_000;
const DRIFT_SHOWN_MS = 30 * 86_400_000;

/** The time zone of the settings' hours, used where the reader names none. */
export const zoneOf = (settings: Settings | null): string => settings?.hours?.zone ?? "UTC";

/** The settings, or the reason they cannot be read, and any other reason why the bot cannot hold. */
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

/**
 * Reads everything that the report page shows. Rejects where the ledger fails; a part that cannot be read is omitted.
 */
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
    lastDecidedAt: incidents.length === 0 ? await lastDecidedBefore(ledger, since) : null,
    held,
    budget: settings === null ? null : await readReportBudget(ledger, settings, { now, nameOf }),
    services: settings === null ? [] : servicesOf(settings, { names, checks, times: timesIn(timeZone) }),
    models,
    forbidden: await readForbidden(ledger, incidents),
  };
}

/** The latest name of every service that had an incident. */
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

/** A hold as of the report's moment: one that ended later had not ended. */
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

/** The state of a training job. */
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
