import type { Verdict } from "@mrdata/incident";
import { type Circumstances, deny, type GuardRail, type SharedRail } from "./circumstances.ts";
import { problemsOfRails, type StoredRails, settingsDeclaredBy } from "./rail-setting.ts";
import { checkRails } from "./rails/check-rails.ts";
import { caps, control, loadRails } from "./rails/load-rails.ts";
import { modeRails, settingsRead } from "./rails/mode-rails.ts";
import { forecastRails, modelRails } from "./rails/model-rails.ts";
import { neverHoldRails } from "./rails/never-hold-rails.ts";
import { heldBeforeRail, pastRails } from "./rails/past-rails.ts";
import { timeRails } from "./rails/time-rails.ts";

/** Add a new guard rail, with its setting if it has one, to the list of its own file: see docs/decisions/0058. */
const rails: readonly GuardRail[] = [
  ...modeRails,
  ...checkRails,
  ...neverHoldRails,
  ...timeRails,
  ...loadRails,
  heldBeforeRail,
  caps,
  ...modelRails,
  ...pastRails,
  ...forecastRails,
  control,
];

/** The settings that guard rails declare, by the guard rail's name. */
export const railSettings = settingsDeclaredBy(rails);

/** Problems of the stored guard-rail settings, a phrase each; while there is any, nothing is held. */
export const problemsOfStoredRails = (stored: StoredRails): readonly string[] =>
  problemsOfRails(stored, railSettings);

/**
 * In display order; the first one that denies a hold is recorded as `decidedBy`. The control sample comes last, because it is
 * drawn from the incidents that every other guard rail would hold.
 */
export const guardRails: readonly GuardRail[] = [settingsRead(railSettings), ...rails];

/** Rechecked once a hold is stored, because other holds may have been stored concurrently. */
export const sharedRails: readonly SharedRail[] = [heldBeforeRail, caps];

/** Called with a guard rail that threw. This package does not log; its caller does. */
export type RailFailed = (rail: string, error: unknown) => void;

/** Evaluates every guard rail; one that throws denies the hold and is reported to `railFailed`. */
export const judgeAll = (
  circumstances: Circumstances,
  rails: readonly GuardRail[] = guardRails,
  railFailed: RailFailed = () => {},
): readonly Verdict[] =>
  rails.map(({ name, judge }) => {
    try {
      return { name, ...judge(circumstances) };
    } catch (error) {
      railFailed(name, error);
      return { name, ...deny("This guard rail failed.") };
    }
  });
