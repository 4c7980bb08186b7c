import type { Verdict } from "@mrdata/incident";
import { type Circumstances, type GuardRail, type SharedRail, stops } from "./circumstances.ts";
import { problemsOfRails, type StoredRails, settingsDeclaredBy } from "./rail-setting.ts";
import { checkRails } from "./rails/check-rails.ts";
import { caps, control, loadRails } from "./rails/load-rails.ts";
import { modeRails, settingsRead } from "./rails/mode-rails.ts";
import { forecastRails, modelRails } from "./rails/model-rails.ts";
import { neverHoldRails } from "./rails/never-hold-rails.ts";
import { heldBeforeRail, pastRails } from "./rails/past-rails.ts";
import { timeRails } from "./rails/time-rails.ts";

/** A new guard rail goes into the list of its own file, with its setting if it has one: see docs/decisions/0058. */
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

/** The settings that guard rails declare for themselves, by the guard rail's name. */
export const railSettings = settingsDeclaredBy(rails);

/** What is wrong with stored settings of guard rails; while there is any, nothing is held. */
export const problemsOfStoredRails = (stored: StoredRails): readonly string[] =>
  problemsOfRails(stored, railSettings);

/**
 * In the order in which they are shown; the first that stops a hold is named as the decision's maker. The control
 * sample is last, for it is drawn from what everything else would hold.
 */
export const guardRails: readonly GuardRail[] = [settingsRead(railSettings), ...rails];

/** What is looked at again once a hold is stored: others may have been stored at the same time. */
export const sharedRails: readonly SharedRail[] = [heldBeforeRail, caps];

/** Told of a guard rail that threw. Nothing here logs: who asks the rails does. */
export type RailFailed = (rail: string, error: unknown) => void;

/** Asks every guard rail; one that throws stops the hold, and `railFailed` is told. */
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
      return { name, ...stops("This guard rail failed.") };
    }
  });
