import type { IncidentState, Prediction } from "@mrdata/incident";
import { type CalibrationDrift, type ChangedShare, calibrationDrift, changedShare } from "@mrdata/learning";
import type { Ledger } from "@mrdata/platform";

/** Something that is no more as it was. */
export type Drift = {
  /** What of: `service PDB`, `novelty`, `range`, `calibration`. */
  readonly subject: string;
  /** In words, with figures. */
  readonly sentence: string;
  /** What is said can no longer be held by. */
  readonly disarms: boolean;
};

type Known = Pick<
  IncidentState,
  "service" | "serviceName" | "alertType" | "openedAt" | "outcome" | "incident"
>;
type Said = Pick<Prediction, "incident" | "probability" | "model" | "verdicts" | "openedAt">;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** So far back is looked. */
export const DRIFT_DAYS = 180;
const MAX_PREDICTIONS = 20_000;
/** One false alarm in so many years. */
const YEARS_APART = 20;
const MIN_A_YEAR = 500;
const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Looks at the last half year of a ledger: services, what is new to the model, and whether its probabilities still hold. */
export async function findDrift(
  ledger: Pick<Ledger, "pastIncidents" | "predictions">,
  now: number,
): Promise<readonly Drift[]> {
  const since = now - DRIFT_DAYS * DAY_MS;
  const known: Known[] = [];
  for await (const { state } of ledger.pastIncidents({ since })) known.push(state);
  const said = await ledger.predictions({ since, limit: MAX_PREDICTIONS });
  return driftAmong(known, said.toReversed());
}

/** @param known In order of opening. @param said In order of opening. */
export function driftAmong(known: readonly Known[], said: readonly Said[]): readonly Drift[] {
  const ended = firstOfEach(known).filter(({ outcome }) => outcome !== null && outcome !== "merged");
  const line = YEARS_APART * Math.max(MIN_A_YEAR, (ended.length * 365) / DRIFT_DAYS);
  const calibration = calibrationDrift(saidAndSeen(said, ended));
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
    ...(calibration === null ? [] : [calibrationSentence(calibration)]),
  ];
}

/** Of an alert that comes again within the hour the first: what flaps is one event, and would count as many. */
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

function saidAndSeen(said: readonly Said[], ended: readonly Known[]) {
  const outcomes = new Map(ended.map(({ incident, outcome }) => [incident, outcome] as const));
  return said.flatMap(({ incident, probability, model }) => {
    const outcome = outcomes.get(incident);
    if (probability === null || model === "rate" || outcome === undefined) return [];
    const label: 0 | 1 = outcome === "self-resolved" ? 1 : 0;
    return [{ probability, label }];
  });
}

function serviceDrift(service: string, name: string | null, { before, after }: ChangedShare): Drift {
  const less = after.share < before.share;
  return {
    subject: `service ${service}`,
    sentence: `${name ?? service} clears itself ${less ? "less" : "more"} often: ${percent(after.share)} of its last ${after.rows} incidents, ${percent(before.share)} of the ${before.rows} before.`,
    disarms: false,
  };
}

/** Only what grows is told: that less is new is no news. */
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
      subject,
      sentence: `More incidents ${what}: ${percent(after.share)} of the last ${after.rows}, ${percent(before.share)} of the ${before.rows} before.`,
      disarms: false,
    },
  ];
}

const calibrationSentence = ({ kind, rows, said, seen }: CalibrationDrift): Drift => ({
  subject: "calibration",
  sentence: `What the model says no longer holds: of ${rows} incidents it expected ${percent(said)} to clear themselves, and ${percent(seen)} did.`,
  // Where more clear themselves than was said, nobody is paged late for it.
  disarms: kind === "sure",
});
