import type { IncidentState, Prediction } from "@mrdata/incident";
import { type CalibrationDrift, type ChangedShare, calibrationDrift, changedShare } from "@mrdata/learning";
import type { Ledger } from "@mrdata/platform";

/** Something that has drifted. */
export type Drift = {
  /** Identifies a drift across runs: the subject, and for a model's probabilities the direction and version. */
  readonly key: string;
  /** The subject: `service PDB`, `novelty`, `range`, `calibration`. */
  readonly subject: string;
  /** A sentence with figures. */
  readonly sentence: string;
  /** True if holding on this basis is no longer justified. */
  readonly disarms: boolean;
};

type Known = Pick<
  IncidentState,
  "service" | "serviceName" | "alertType" | "openedAt" | "outcome" | "incident"
>;
type Said = Pick<Prediction, "incident" | "probability" | "model" | "verdicts" | "openedAt">;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** How far back drift is looked for. */
export const DRIFT_DAYS = 180;
const MAX_PREDICTIONS = 20_000;
/** One false alarm in this many years, over all kinds together: services, novelty, range, calibration. */
const YEARS_APART = 20;
const KINDS = 4;
const MIN_A_YEAR = 500;
const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** The model whose probabilities are checked: only the champion's can make a page late. */
export type Champion = {
  readonly version: string;
  /**
   * Incidents that opened before this are not counted, milliseconds since the epoch: a person has armed again since it
   * was reported.
   */
  readonly since: number;
};

/**
 * Examines the last half year of a ledger: services, what is new to the model, and whether the champion's probabilities
 * still hold. Other versions' probabilities do not count against it.
 */
export async function findDrift(
  ledger: Pick<Ledger, "pastIncidents" | "predictions">,
  now: number,
  champion: Champion | null,
): Promise<readonly Drift[]> {
  const since = now - DRIFT_DAYS * DAY_MS;
  const known: Known[] = [];
  for await (const { state } of ledger.pastIncidents({ since })) known.push(state);
  const said = await ledger.predictions({ since, limit: MAX_PREDICTIONS });
  return driftAmong(known, said.toReversed(), champion);
}

/** @param known In order of opening. @param said In order of opening. */
export function driftAmong(
  known: readonly Known[],
  said: readonly Said[],
  champion: Champion | null,
): readonly Drift[] {
  const ended = firstOfEach(known).filter(({ outcome }) => outcome !== null && outcome !== "merged");
  const line = YEARS_APART * KINDS * Math.max(MIN_A_YEAR, (ended.length * 365) / DRIFT_DAYS);
  const calibration = champion === null ? null : calibrationDrift(saidAndSeen(said, ended, champion), line);
  return [
    ...[...Map.groupBy(ended, ({ service }) => service ?? "")].flatMap(([service, own]) => {
      const changed = changedShare(
        own.map(({ outcome }) => (outcome === "self-resolved" ? 1 : 0)),
        line,
      );
      return changed === null ? [] : [serviceDrift(service, own.at(-1)?.serviceName ?? null, changed)];
    }),
    ...grown("novelty", "are of alerts that the bot knows too little of", said, line, ["novelty"]),
    ...grown("range", "are unlike all that the model has learnt from", said, line, ["features", "details"]),
    ...(calibration === null || champion === null ? [] : [calibrationSentence(calibration, champion)]),
  ];
}

/**
 * Only the first of an alert's incidents within an hour: a flapping alert is one event, and would otherwise count as
 * many.
 */
function firstOfEach(known: readonly Known[]): readonly Known[] {
  const last = new Map<string, number>();
  return known.filter(({ alertType, openedAt }) => {
    if (alertType === null || openedAt === null) return false;
    const before = last.get(alertType);
    if (before !== undefined && openedAt - before < HOUR_MS) return false;
    last.set(alertType, openedAt);
    return true;
  });
}

function saidAndSeen(said: readonly Said[], ended: readonly Known[], { version, since }: Champion) {
  const outcomes = new Map(ended.map(({ incident, outcome }) => [incident, outcome] as const));
  return said.flatMap(({ incident, probability, model, openedAt }) => {
    const outcome = outcomes.get(incident);
    if (probability === null || model !== version || openedAt < since || outcome === undefined) return [];
    const label: 0 | 1 = outcome === "self-resolved" ? 1 : 0;
    return [{ probability, label }];
  });
}

function serviceDrift(service: string, name: string | null, { before, after }: ChangedShare): Drift {
  const less = after.share < before.share;
  const subject = `service ${service}`;
  return {
    key: subject,
    subject,
    sentence: `${name ?? service} clears itself ${less ? "less" : "more"} often: ${percent(after.share)} of its last ${after.rows} incidents, ${percent(before.share)} of the ${before.rows} before.`,
    disarms: false,
  };
}

/** Only an increase is reported: fewer new values are not a drift. */
function grown(
  subject: string,
  what: string,
  said: readonly Said[],
  line: number,
  rails: readonly string[],
): readonly Drift[] {
  const rows = said.map(({ verdicts }): 0 | 1 =>
    verdicts.some(({ name, allowsHold }) => rails.includes(name) && !allowsHold) ? 1 : 0,
  );
  const changed = changedShare(rows, line);
  if (changed === null || changed.after.share <= changed.before.share) return [];
  const { before, after } = changed;
  return [
    {
      key: subject,
      subject,
      sentence: `More incidents ${what}: ${percent(after.share)} of the last ${after.rows}, ${percent(before.share)} of the ${before.rows} before.`,
      disarms: false,
    },
  ];
}

/** Identifies a calibration drift of a version. */
export const calibrationKey = (kind: CalibrationDrift["kind"], version: string): string =>
  `${CALIBRATION} ${kind} ${version}`;
const CALIBRATION = "calibration";
/** True if a key is the calibration of a version other than the champion: that no longer affects any decision. */
export const isOfAnother = (key: string, champion: string | null): boolean =>
  key.startsWith(`${CALIBRATION} `) && (champion === null || !key.endsWith(` ${champion}`));

const calibrationSentence = ({ kind, rows, said, seen }: CalibrationDrift, { version }: Champion): Drift => ({
  key: calibrationKey(kind, version),
  subject: CALIBRATION,
  sentence: `What the model says no longer holds: of ${rows} incidents it expected ${percent(said)} to clear themselves, and ${percent(seen)} did.`,
  // Where more incidents resolve themselves than predicted, nobody is paged late.
  disarms: kind === "sure",
});
