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

/** A bound is wrong so often: the chance lies below it. */
const BELOW = 0.1;

/** What is known of a subject's outcomes at a moment; whatever is not clearly self-resolved counts against. */
function countsOf(records: readonly TrackRecord[], at: number): LevelCounts {
  const { selfResolved, neededHuman, unknown, timedOut } = tallyOf(records, at);
  return { selfResolved, decided: selfResolved + neededHuman + unknown + timedOut };
}

/** The others of an alert type: what a finer name says is not said twice. */
const without = (all: LevelCounts, own: LevelCounts): LevelCounts => ({
  selfResolved: Math.max(0, all.selfResolved - own.selfResolved),
  decided: Math.max(0, all.decided - own.decided),
});

/**
 * The past of an incident, level by level, the finest first: its own name, its alert type, its service, and the organisation
 * as the model version knew it.
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

/** With 90 % confidence its chance to resolve itself, by its past alone, is no smaller: from 0 to 1. */
export const leastChance = (chance: Chance): number => lowerBoundOf(chance, BELOW);
