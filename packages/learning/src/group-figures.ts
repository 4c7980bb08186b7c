import { auc } from "@mrdata/forest";
import { isNightIn } from "@mrdata/incident";
import type { ScoredIncident } from "./issue-predictions.ts";

/** The results of a way of deciding for a group of incidents; shares of all of them. */
export type HoldFigures = {
  readonly coverage: number;
  /** How often a held incident resolved itself; null where nothing was held. */
  readonly precision: number | null;
  readonly pagesSpared: number;
  readonly realDelayed: number;
};

export type GroupFigures = HoldFigures & {
  readonly name: string;
  readonly scored: number;
  /** Share that resolved itself. */
  readonly baseRate: number;
  /** Null where there are too few of one outcome. */
  readonly auc: number | null;
};

export function holdFigures(
  scored: readonly ScoredIncident[],
  isHeld: (one: ScoredIncident) => boolean,
): HoldFigures {
  const held = scored.filter(isHeld);
  const spared = held.filter(({ label }) => label === 1).length;
  const share = (count: number) => (scored.length === 0 ? 0 : count / scored.length);
  return {
    coverage: share(held.length),
    precision: held.length === 0 ? null : spared / held.length,
    pagesSpared: share(spared),
    realDelayed: share(held.length - spared),
  };
}

/** With fewer than this of one outcome no AUC is given. */
const MIN_OF_EACH = 5;

/** The figures of each group of the scored, the largest group first. */
export function groupFigures(
  scored: readonly ScoredIncident[],
  groupOf: (one: ScoredIncident) => string,
): readonly GroupFigures[] {
  return [...Map.groupBy(scored, groupOf)]
    .map(([name, group]) => {
      const labels = group.map(({ label }) => label);
      const positives = labels.filter((label) => label === 1).length;
      const enough = Math.min(positives, group.length - positives) >= MIN_OF_EACH;
      return {
        name,
        scored: group.length,
        baseRate: positives / group.length,
        auc: enough
          ? auc(
              group.map(({ probability }) => probability),
              labels,
            )
          : null,
        ...holdFigures(group, ({ hold }) => hold),
      };
    })
    .sort((a, b) => b.scored - a.scored || (a.name < b.name ? -1 : 1));
}

/** `night` in the night of a time zone (IANA name), else `day`. Throws RangeError for a zone that does not exist. */
export function nightOrDay(timeZone: string): (at: number) => "night" | "day" {
  const isNight = isNightIn(timeZone);
  return (at) => (isNight(at) ? "night" : "day");
}
