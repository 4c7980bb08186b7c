import type { Certificate } from "@mrdata/learning";
import { pairedUpperBound, Z_90 } from "./paired-bound.ts";

/** The predictions of a version and of a rival for one row of the past. `label` 0: it needed a human. */
export type PairedRow = {
  readonly label: 0 | 1;
  readonly challenger: number;
  readonly rival: number;
};

/** A version that the candidate is compared with, on the same rows. */
export type RivalOnPast = {
  /** For people: `the champion v3`. */
  readonly name: string;
  readonly threshold: number;
  readonly rows: readonly PairedRow[];
};

export type Candidate = {
  readonly threshold: number | null;
  readonly certificate: Certificate | null;
  /** Why it has no certificate, or holds nothing. */
  readonly remark: string | null;
  readonly windowMs: number;
  /** The cut-off of its training data, milliseconds since the epoch. */
  readonly trainedAt: number;
  /** Incidents that needed a human in its training data. */
  readonly real: number;
  /** Features that older rows have and the newest rows no longer do. */
  readonly vanished: readonly string[];
  readonly suspicions: readonly string[];
};

export type GateRules = {
  /** The miss budget: a share. */
  readonly budget: number;
  /** The hold window of the functions, milliseconds. */
  readonly windowMs: number;
  /**
   * The last version that failed to get a certificate for the same question: the number of real incidents then, and the number that
   * have become known since; null if none failed.
   */
  readonly triedInVain: { readonly real: number; readonly since: number } | null;
  /** When the champion was trained, milliseconds since the epoch; null if there is no champion or its card does not say. */
  readonly championTrainedAt: number | null;
};

/** A rule that failed, with the figures. */
export type Failing = {
  readonly rule:
    | "certificate"
    | "tried-lately"
    | "older"
    | "window"
    | "features"
    | "delayed"
    | "brier"
    | "suspicions";
  readonly sentence: string;
};

const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
/** The largest share of the budget that additional delays may take. */
const SHARE_OF_BUDGET = 0.2;
/** The factor by which real incidents must grow before certification is attempted again. */
const MORE_REAL = 1.2;

/** The rules that keep a candidate from becoming champion; empty if it passes. */
export function judge(
  candidate: Candidate,
  rivals: readonly RivalOnPast[],
  rules: GateRules,
): readonly Failing[] {
  const { certificate, threshold, remark, windowMs, trainedAt, real, vanished, suspicions } = candidate;
  const failing: Failing[] = [];
  const fails = (rule: Failing["rule"], sentence: string): void => {
    failing.push({ rule, sentence });
  };
  if (suspicions.length > 0) fails("suspicions", suspicions.join(" "));
  if (windowMs !== rules.windowMs)
    fails(
      "window",
      `It was trained for a window of ${windowMs / 1000} s, and the functions work with ${rules.windowMs / 1000} s.`,
    );
  // A job that was queued for long would replace a champion trained on newer data.
  const { championTrainedAt } = rules;
  if (championTrainedAt !== null && trainedAt < championTrainedAt)
    fails(
      "older",
      `It has learnt from what was known by ${day(trainedAt)}, and the champion from what was known by ${day(championTrainedAt)}.`,
    );
  const { triedInVain } = rules;
  const needed = triedInVain === null ? 0 : Math.ceil(MORE_REAL * triedInVain.real);
  // If not all of a history is drawn, the total never grows, and only those known since count.
  if (triedInVain !== null && real < needed && triedInVain.since < needed - triedInVain.real)
    fails(
      "tried-lately",
      `The last one without a certificate was tried on ${triedInVain.real} incidents that needed a human; the next look is at ${needed - triedInVain.real} more, and ${triedInVain.since} have become known since.`,
    );
  else if (certificate === null || threshold === null)
    fails("certificate", remark ?? "It has no certificate.");
  if (vanished.length > 0)
    fails("features", `The newest incidents have no value any more of ${vanished.join(", ")}.`);
  if (threshold !== null) for (const rival of rivals) failing.push(...beside(rival, threshold, rules.budget));
  return failing;
}

function beside({ name, threshold, rows }: RivalOnPast, own: number, budget: number): readonly Failing[] {
  const unknown = rows.filter(
    ({ challenger, rival }) => Number.isNaN(challenger) || Number.isNaN(rival),
  ).length;
  // Nothing is larger than what is no number: each comparison below would pass.
  if (unknown > 0)
    return [
      {
        rule: "brier",
        sentence: `Without a probability by it or by ${name} are ${unknown} of ${rows.length} incidents, so that the two cannot be compared.`,
      },
    ];
  const real = rows.filter(({ label }) => label === 0);
  const holds = ({ challenger }: PairedRow) => challenger >= own;
  const held = ({ rival }: PairedRow) => rival >= threshold;
  const onlyNew = real.filter((row) => holds(row) && !held(row)).length;
  const onlyOld = real.filter((row) => held(row) && !holds(row)).length;
  const upper = pairedUpperBound(onlyNew, onlyOld, real.length, Z_90);
  const most = SHARE_OF_BUDGET * budget;
  const differences = rows.map((row) => (row.challenger - row.label) ** 2 - (row.rival - row.label) ** 2);
  const mean = differences.reduce((sum, one) => sum + one, 0) / Math.max(1, rows.length);
  const variance =
    differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, rows.length - 1);
  const error = Math.sqrt(variance / Math.max(1, rows.length));
  return [
    ...(upper > most
      ? [
          {
            rule: "delayed" as const,
            sentence: `Beside ${name} it would have delayed ${onlyNew} of ${real.length} real incidents that the other did not, and the other ${onlyOld} that it did not: at most ${percent(upper)} more with 90 % confidence, and ${percent(most)} may be.`,
          },
        ]
      : []),
    ...(mean > error
      ? [
          {
            rule: "brier" as const,
            sentence: `Its Brier score on ${rows.length} incidents is worse than that of ${name} by ${mean.toFixed(4)}, and one standard error (${error.toFixed(4)}) may be.`,
          },
        ]
      : []),
  ];
}
