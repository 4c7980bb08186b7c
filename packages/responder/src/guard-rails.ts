import type { Verdict } from "@mrdata/incident";
import { type Circumstances, type GuardRail, type SharedRail, stops } from "./circumstances.ts";
import { checks } from "./rails/check-rails.ts";
import { details } from "./rails/detail-rails.ts";
import { caps, control, missBudget, storm } from "./rails/load-rails.ts";
import { killSwitch, mode, policy, settingsRead } from "./rails/mode-rails.ts";
import { certificate, features, model, prediction, threshold, window } from "./rails/model-rails.ts";
import { feedback, neverHold, person, urgency } from "./rails/never-hold-rails.ts";
import { heldBeforeRail, history, novelty } from "./rails/past-rails.ts";
import { allowedHours, deadline, maintenance } from "./rails/time-rails.ts";

/**
 * In the order in which they are shown; the first that stops a hold is named as the decision's maker. The control
 * sample is last, for it is drawn from what everything else would hold.
 */
export const guardRails: readonly GuardRail[] = [
  settingsRead,
  killSwitch,
  mode,
  policy,
  checks,
  neverHold,
  feedback,
  person,
  urgency,
  deadline,
  maintenance,
  allowedHours,
  missBudget,
  storm,
  heldBeforeRail,
  caps,
  model,
  window,
  novelty,
  history,
  features,
  details,
  prediction,
  threshold,
  certificate,
  control,
];

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
