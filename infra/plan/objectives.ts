import type { Names } from "./names.ts";
import { countWithin } from "./promql.ts";

/** The share of openings that has to be served in time, over `PERIOD_DAYS`. */
export const GOAL = 0.99;
export const PERIOD_DAYS = 28;
/** Fewer than this wake nobody, whatever share they are: of the probe's twelve an hour two are a sixth. */
const MIN_BAD = 5;

/** A service level objective: of `total`, the share that is also counted by `good` (slugs of metrics of logs). */
export type Objective = {
  readonly slug: string;
  readonly title: string;
  readonly good: string;
  readonly total: string;
  /** What it means that it burns. */
  readonly whileItBurns: string;
};

/** What people are promised, and by what it is counted; the probe's openings are in all three counters. */
export const objectives: readonly Objective[] = [
  {
    slug: "decided",
    title: "Openings are decided on within 60 s",
    good: "decisions-in-time",
    total: "openings",
    whileItBurns:
      "Openings that receive accepted have no stored decision after 60 s, or none at all: nothing of them is held, and each is paged late or by PagerDuty's own escalation.",
  },
  {
    slug: "paged",
    title: "Nobody waits for a page for more than 60 s",
    good: "pages-in-time",
    total: "openings",
    whileItBurns:
      "Openings that receive accepted were neither held nor paged within 60 s. sweep pages within another minute what waits on the bot, and PagerDuty itself escalates when the hold window ends.",
  },
];

/**
 * When an objective burns too fast, in two windows at a time, so that it is still going on, and with the share of the period's
 * budget that is gone by then (https://sre.google/workbook/alerting-on-slos/, "Multiwindow, Multi-Burn-Rate Alerts").
 */
const burns = [
  { slug: "fast", severity: "CRITICAL", long: "1h", hours: 1, short: "5m", spent: 0.02 },
  { slug: "slow", severity: "ERROR", long: "6h", hours: 6, short: "30m", spent: 0.05 },
] as const;

export type BurnAlarm = {
  readonly slug: string;
  readonly title: string;
  readonly text: string;
  readonly severity: "CRITICAL" | "ERROR";
  readonly query: string;
};

/** The alarms of the objectives: fast and slow, each with both windows and the least number of bad ones. */
export const burnAlarmsOf = (names: Names): readonly BurnAlarm[] =>
  objectives.flatMap((objective) =>
    burns.map(({ slug, severity, long, hours, short, spent }): BurnAlarm => {
      const mostBad = (1 - GOAL) * burnRateOf(spent, hours);
      return {
        slug: `slo-${objective.slug}-${slug}`,
        severity,
        title: `${objective.title}: the budget burns ${slug === "fast" ? "fast" : "slowly"}`,
        text: `More than ${(100 * mostBad).toFixed(1)} % of the openings of the last ${long} and of the last ${short}, and ${MIN_BAD} at least, were late or lost: at this rate ${100 * spent} % of what is allowed in ${PERIOD_DAYS} days goes in ${long}. ${objective.whileItBurns}`,
        query: [
          `${badWithin(objective, names, long)} > ${MIN_BAD - 0.5}`,
          ...[long, short].map(
            (within) =>
              `${badWithin(objective, names, within)} / ${countOf(objective.total, names, within)} > ${mostBad.toFixed(4)}`,
          ),
        ].join(" and "),
      };
    }),
  );

/** The burn rate at which `spent`, a share of the period's error budget, is used up in `hours`. */
const burnRateOf = (spent: number, hours: number): number => (spent * PERIOD_DAYS * 24) / hours;

const countOf = (slug: string, names: Names, within: string): string =>
  countWithin({ type: `logging.googleapis.com/user/${names.metric(slug)}` }, within);

const badWithin = ({ good, total }: Objective, names: Names, within: string): string =>
  `(${countOf(total, names, within)} - ${countOf(good, names, within)})`;
