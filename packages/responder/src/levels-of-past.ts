import { type TrackRecord, tallyOf } from "@mrdata/incident";
import {
  type Chance,
  chanceOf,
  type LevelCounts,
  type LevelsOfPast,
  lowerBoundOf,
  USUAL_LIKENESS,
} from "@mrdata/learning";
import type { Observation } from "./predictor.ts";

/** The probability that the true chance lies below the bound. */
const ERROR_RATE = 0.1;

/** A subject's outcome counts as known at `at`; every outcome that is not clearly self-resolved counts against. */
function countsOf(records: readonly TrackRecord[], at: number): LevelCounts {
  const { selfResolved, neededHuman, unknown, timedOut } = tallyOf(records, at);
  return { selfResolved, decided: selfResolved + neededHuman + unknown + timedOut };
}

/** The counts of the other incidents, so that those of the finer level are not counted twice. */
const without = (all: LevelCounts, own: LevelCounts): LevelCounts => ({
  selfResolved: Math.max(0, all.selfResolved - own.selfResolved),
  decided: Math.max(0, all.decided - own.decided),
});

/**
 * An incident's chance to resolve itself, estimated from its past level by level, the finest first: its own name, its alert type, its
 * service, and the organisation as the model version knew it.
 */
export function chanceByPast(
  {
    nameRecords: [ownRecords],
    alertTypeRecords,
    serviceRecords,
    openedAt,
  }: Pick<Observation, "nameRecords" | "alertTypeRecords" | "serviceRecords" | "openedAt">,
  levels: LevelsOfPast | undefined,
): Chance {
  const { alertType = USUAL_LIKENESS, service = USUAL_LIKENESS } = levels?.likeness ?? {};
  const own = countsOf(ownRecords, openedAt);
  return chanceOf([
    { counts: own, likeness: alertType },
    { counts: without(countsOf(alertTypeRecords, openedAt), own), likeness: alertType },
    { counts: countsOf(serviceRecords, openedAt), likeness: service },
    ...(levels === undefined ? [] : [{ counts: levels.organisation, likeness: USUAL_LIKENESS }]),
  ]);
}

/** The lower bound, with 90 % confidence, of the chance to resolve itself by its past alone: from 0 to 1. */
export const chanceLowerBound = (chance: Chance): number => lowerBoundOf(chance, ERROR_RATE);
