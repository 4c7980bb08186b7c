import type { Certificate } from "@mrdata/learning";
import { pairedUpperBound, Z_90 } from "./paired-bound.ts";

/** What a version said, and what another would have said, of one row of the past. `label` 0: it needed a human. */
export type PairedRow = {
  readonly label: 0 | 1;
  readonly challenger: number;
  readonly rival: number;
};

/** A version that the challenger is set beside, on the same rows. */
export type RivalOnPast = {
  /** For people: `the champion v3`. */
  readonly name: string;
  readonly threshold: number;
  readonly rows: readonly PairedRow[];
};

export type Candidate = {
  readonly threshold: number | null;
  readonly certificate: Certificate | null;
  /** Why it has none, or holds nothing. */
  readonly remark: string | null;
  readonly windowMs: number;
  /** What was known by then it has learnt from, milliseconds since the epoch. */
  readonly trainedAt: number;
  /** Incidents that needed a human among all that it learnt from. */
  readonly real: number;
  /** Features of which the newest rows have no value any more, though older ones had. */
  readonly vanished: readonly string[];
  readonly suspicions: readonly string[];
};

export type GateRules = {
  /** The miss budget: a share. */
  readonly budget: number;
  /** The hold window that the functions work with, milliseconds. */
  readonly windowMs: number;
  /**
   * The last version that failed for its certificate by the same question: how many real incidents there were then, and how many have
   * become known since; null where none did.
   */
  readonly triedInVain: { readonly real: number; readonly since: number } | null;
  /** When the champion was trained, milliseconds since the epoch; null where there is none that says so. */
  readonly championTrainedAt: number | null;
};

/** A rule that failed, and by what figures. */
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
/** Additional delays may be so much of the budget. */
const SHARE_OF_BUDGET = 0.2;
/** So much more must be known before a version without a certificate is followed by another. */
const MORE_REAL = 1.2;

/** What keeps a challenger from being champion; empty where nothing does. */
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
  // A job that stood in line for long would put back what newer ones have learnt since.
  const { championTrainedAt } = rules;
  if (championTrainedAt !== null && trainedAt < championTrainedAt)
    fails(
      "older",
      `It has learnt from what was known by ${day(trainedAt)}, and the champion from what was known by ${day(championTrainedAt)}.`,
    );
  const { triedInVain } = rules;
  const needed = triedInVain === null ? 0 : Math.ceil(MORE_REAL * triedInVain.real);
  // Where not all of a history is drawn there are never more of them, and only those that came since tell.
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
