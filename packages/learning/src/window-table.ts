import { calibrate } from "@mrdata/forest";
import { knownAt, type PastIncident, selfResolved, wasMerged } from "@mrdata/incident";
import { type Backtest, choiceOf } from "./backtest.ts";
import {
  type Certificate,
  type CertificateRule,
  type CertifyingRow,
  certificateOf,
  walkThresholds,
} from "./certificate.ts";
import { type Choice, type Predicted, saidOfPast } from "./choose-on-past.ts";
import { partsOfPast } from "./parts-of-past.ts";
import { chooseThreshold, type ThresholdRule } from "./threshold.ts";

const MINUTE = 60_000;

/** The windows that are set beside each other, milliseconds. */
export const TABLE_WINDOWS: readonly number[] = [1, 2, 3, 5, 10, 15].map((minutes) => minutes * MINUTE);

/** What one hold window would have come to; shares are of all scored. */
export type WindowRow = {
  readonly windowSeconds: number;
  readonly coverage: number;
  readonly pagesSpared: number;
  readonly realDelayed: number;
  /** What a version of today would promise for it; null where nothing can be certified. */
  readonly certificate: Certificate | null;
};

/** What of a backtest the table is made of. */
export type WindowTableInput = Pick<Backtest, "past" | "refits"> & {
  readonly replay: Pick<Backtest["replay"], "incidents">;
};

export type WindowTableOptions = {
  readonly rule: ThresholdRule;
  readonly certificate: CertificateRule;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

/**
 * Six hold windows from one replay: the learners' answers of the backtest, with each window's own labels, and for each
 * block a threshold that is certified on what was known of these when it began. The best of six looks is taken, so each
 * has a sixth of delta (Bonferroni). The answers were learnt for the backtest's window: they put the incidents in an order,
 * and a certificate holds for any order.
 */
export function windowTable(
  { past, replay, refits }: WindowTableInput,
  { rule, certificate, now }: WindowTableOptions,
  windows = TABLE_WINDOWS,
): readonly WindowRow[] {
  const incidents = new Map(replay.incidents.map((incident) => [incident.id, incident]));
  const { choice: last, certificateRule } = choiceOf(past, replay.incidents.length, certificate);
  const own: CertificateRule = { ...certificateRule, delta: certificateRule.delta / windows.length };
  const blocks = refits.map(({ from, learner, calibration }, i) => ({
    start: Date.parse(from),
    end: Date.parse(refits[i + 1]?.from ?? "9999-01-01T00:00:00Z"),
    choice: { learner, calibration },
  }));
  return windows.map((window): WindowRow => {
    const all = relabelled(past, incidents, window);
    const share = (count: number) => (scored === 0 ? 0 : count / scored);
    let [scored, held, spared] = [0, 0, 0];
    for (const { start, end, choice } of blocks) {
      const told = all.filter(({ knownAt: at, openedAt }) => at <= start && openedAt < start);
      const { threshold } = certifiedOn(told, choice, { rule, own });
      for (const one of all) {
        if (one.openedAt < start || one.openedAt >= end) continue;
        scored++;
        if (threshold === null || calibrate(choice.calibration, one.raw[choice.learner]) < threshold)
          continue;
        held++;
        spared += one.label;
      }
    }
    const known = all.filter(({ knownAt: at }) => at <= now);
    const { threshold, certifying } = certifiedOn(known, last, { rule, own });
    return {
      windowSeconds: window / 1000,
      coverage: share(held),
      pagesSpared: share(spared),
      realDelayed: share(held - spared),
      certificate: threshold === null ? null : certificateOf(threshold, certifying, own),
    };
  });
}

/** The same predictions with the labels of another window; what was merged within it has none. */
const relabelled = (
  past: readonly Predicted[],
  incidents: ReadonlyMap<string, PastIncident>,
  window: number,
): readonly Predicted[] =>
  past.flatMap((one) => {
    const incident = incidents.get(one.id);
    if (incident === undefined || wasMerged(incident, window)) return [];
    return [{ ...one, label: selfResolved(incident, window) ? 1 : 0, knownAt: knownAt(incident, window) }];
  });

/** The lowest certified threshold that is right often enough, and the rows that certify it. */
function certifiedOn(
  told: readonly Predicted[],
  choice: Choice,
  { rule, own }: { readonly rule: ThresholdRule; readonly own: CertificateRule },
): { readonly threshold: number | null; readonly certifying: readonly CertifyingRow[] } {
  const certifying = saidOfPast(choice, partsOfPast(told, own).certifying);
  const { lowest } = walkThresholds(certifying, own);
  if (lowest === null) return { threshold: null, certifying };
  const threshold = chooseThreshold(saidOfPast(choice, told), { ...rule, missBudget: 1 }, lowest);
  return { threshold, certifying };
}
