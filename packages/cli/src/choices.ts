import type { PastIncident } from "@mrdata/incident";
import {
  backtest,
  type CertificateRule,
  type HoldChoices,
  holdChoices,
  lastKnownAt,
  MIN_INCIDENTS,
  TABLE_WINDOWS,
  triedWindows,
  usualRule,
} from "@mrdata/learning";
import { threads } from "./threads.ts";

/** Above this many incidents the comparison takes as long as a training and is left to `mrdata backtest`. */
const MAX_INCIDENTS = 20_000;
const REFITS = 6;

/** The table's hold windows plus the requested one, ascending, in milliseconds. */
export const windowsWith = (windowMs: number): readonly number[] =>
  TABLE_WINDOWS.includes(windowMs) ? TABLE_WINDOWS : [...TABLE_WINDOWS, windowMs].toSorted((a, b) => a - b);

/** Computes a team's options from its own history; null if that is too short, or too long to process on the fly. */
export async function choicesOf(
  incidents: readonly PastIncident[],
  {
    windowMs,
    seed,
    certificate,
    progress,
  }: {
    readonly windowMs: number;
    readonly seed: number;
    readonly certificate: CertificateRule;
    readonly progress: (sentence: string) => void;
  },
): Promise<HoldChoices | null> {
  if (incidents.length < MIN_INCIDENTS || incidents.length > MAX_INCIDENTS) return null;
  const rule = { ...usualRule, missBudget: certificate.budget };
  const how = { refits: REFITS, seed, workers: threads(REFITS), rule, certificate, progress };
  const result = await backtest(incidents, { ...how, windowMs });
  const requested = { ...how, now: lastKnownAt(result), windowMs };
  return holdChoices(await triedWindows(result, requested, windowsWith(windowMs)), requested);
}
