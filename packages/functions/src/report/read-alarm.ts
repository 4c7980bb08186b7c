import {
  alertTypeOf,
  countSlots,
  type IncidentState,
  nameKeysOf,
  namesOf,
  type TrackRecord,
} from "@mrdata/incident";
import { type Ledger, outcomeOfKnown } from "@mrdata/platform";
import type { AlarmLevel, AlarmReport, IncidentReport } from "@mrdata/report";
import { readFeedback } from "../respond/name-feedback.ts";
import { type JudgedBy, knownIncident, pagerDutyUrlOf, rowOf } from "./read-incidents.ts";
import { type ReportLedger, readSettingsOf, zoneOf } from "./read-report.ts";

/** Sources of the pages on one incident and one alarm. */
export type AlarmLedger = ReportLedger & Pick<Ledger, "trackRecords">;

export type OneOptions = Omit<JudgedBy, "settings"> & {
  /** The reader's time zone; null: the zone of the settings' hours, else UTC. */
  readonly timeZone: string | null;
};

/** An incident with everything known of it; null where nothing is known. */
export async function readIncidentReport(
  ledger: ReportLedger,
  incident: string,
  { now, windowMs, timeZone }: OneOptions,
): Promise<IncidentReport | null> {
  const { settings } = await readSettingsOf(ledger);
  const [known, prediction] = await Promise.all([
    knownIncident(ledger, incident),
    ledger.prediction(incident),
  ]);
  if (known === null && prediction === null) return null;
  const by: JudgedBy = { now, windowMs, settings };
  const row = prediction === null ? null : rowOf(prediction, known, by).row;
  return {
    timeZone: timeZone ?? zoneOf(settings),
    incident,
    title: known?.state.title ?? null,
    service: known?.state.service ?? prediction?.service ?? null,
    serviceName: known?.state.serviceName ?? null,
    alarm: known?.state.alertType ?? prediction?.alertType ?? null,
    openedAt: known?.state.openedAt ?? prediction?.openedAt ?? null,
    closedAt: known?.state.closedAt ?? null,
    outcome: row?.outcome ?? outcomeOfKnown(known, by, now)?.outcome ?? null,
    pagerDutyUrl: pagerDutyUrlOf(known),
    decision: prediction === null || row === null ? null : { ...prediction, row },
    events: (known?.events ?? []).map(({ type, actor, occurredAt, note }) => ({
      type,
      actor,
      at: occurredAt,
      note,
    })),
  };
}

/** How many past incidents of an alarm are shown. */
const MAX_PAST = 120;
/** How many of the latest incidents are searched for a prediction. */
const MAX_ASKED = 5;

/** An alarm by its key, as incidents name it; null where no incident of it is known. */
export async function readAlarmReport(
  ledger: AlarmLedger,
  alarm: string,
  { now, windowMs, timeZone }: OneOptions,
): Promise<AlarmReport | null> {
  const { settings } = await readSettingsOf(ledger);
  const past = await ledger.incidentsOfAlertType(alarm, { before: now + 1, limit: MAX_PAST });
  const [last] = past;
  if (last === undefined || last.service === null || last.title === null) return null;
  const { service, title } = last;
  const { hold } = await readFeedback(ledger, service, title);
  return {
    timeZone: timeZone ?? zoneOf(settings),
    alarm,
    title,
    service,
    serviceName: last.serviceName,
    levels: await levelsOf(ledger, service, title, windowMs),
    past: past.flatMap(({ incident, openedAt, closedAt, outcome }) =>
      openedAt === null
        ? []
        : [
            {
              incident,
              openedAt,
              outcome,
              lastedSeconds: closedAt === null ? null : (closedAt - openedAt) / 1000,
            },
          ],
    ),
    latest: await latestOf(ledger, past),
    forbidden:
      hold === null || hold.allowed
        ? null
        : { alarm, title, service, serviceName: last.serviceName, ...hold },
  };
}

async function latestOf(ledger: AlarmLedger, past: readonly IncidentState[]): Promise<AlarmReport["latest"]> {
  for (const { incident } of past.slice(0, MAX_ASKED)) {
    const prediction = await ledger.prediction(incident);
    if (prediction === null) continue;
    const { openedAt, probability, abstained, decision, decidedBy, verdicts, reasons } = prediction;
    const sentence = verdicts.find(({ name }) => name === decidedBy)?.sentence ?? null;
    return { at: openedAt, probability, abstained, decision, decidedBy, sentence, reasons };
  }
  return null;
}

const kinds = ["alarm", "alarm-kind", "alarm-words"] as const;
const SELF_RESOLVED = countSlots["self-resolved"];
const DECIDED = [SELF_RESOLVED, countSlots["needed-human"], countSlots.unknown];

async function levelsOf(
  ledger: Pick<AlarmLedger, "trackRecords">,
  service: string,
  title: string,
  windowMs: number,
): Promise<readonly AlarmLevel[]> {
  const keys = nameKeysOf(service, title);
  const subjects = kinds.map((kind, level) => ({
    kind,
    key: keys[level] ?? alertTypeOf(service, title).key,
  }));
  const read = await ledger.trackRecords(subjects, windowMs);
  return namesOf(title).map((name, level) => {
    const records = read[level]?.records ?? [];
    return { name, decided: sumOf(records, DECIDED), selfResolved: sumOf(records, [SELF_RESOLVED]) };
  });
}

/** Sums of the daily buckets, which are kept longest. */
const sumOf = (records: readonly TrackRecord[], slots: readonly number[]): number =>
  records
    .flatMap(({ days }) => Object.values(days))
    .reduce((sum, counts) => sum + slots.reduce((own, slot) => own + (counts[slot] ?? 0), 0), 0);
