import type { PublishedEvent } from "@mrdata/simulator";
import type { Storm } from "./faults/storm.ts";
import type { Opening } from "./first-person.ts";
import { ALLOWANCE, seconds } from "./judge-spells.ts";

/** What became of all storms of a run; seconds of the clock. */
export type StormLine = {
  readonly incidents: number;
  readonly toldWithin60s: number;
  readonly worstSeconds: number;
  /** REST calls from a storm's first opening until the last of it was told a person, for each incident of it that the bot paged. */
  readonly callsPerPage: number | null;
};

export function stormLine(
  storms: readonly Storm[],
  {
    openings,
    callsAt,
    paged,
  }: {
    readonly openings: readonly Opening[];
    /** When the bot made its REST calls, in order. */
    readonly callsAt: readonly number[];
    readonly paged: ReadonlySet<string>;
  },
): StormLine | null {
  if (storms.length === 0) return null;
  const first = new Map(openings.filter(({ reopened }) => !reopened).map((one) => [one.incident, one]));
  let [calls, pages, told, worst] = [0, 0, 0, 0];
  for (const { incidents } of storms) {
    const own = incidents.flatMap((id) => first.get(id) ?? []);
    const from = Math.min(...own.map((one) => one.from));
    const to = Math.max(...own.map((one) => one.to));
    calls += callsAt.filter((at) => at >= from && at <= to).length;
    pages += incidents.filter((id) => paged.has(id)).length;
    told += own.filter((one) => one.to - one.from <= ALLOWANCE).length;
    worst = own.reduce((most, one) => Math.max(most, one.to - one.from), worst);
  }
  return {
    incidents: storms.reduce((sum, { incidents }) => sum + incidents.length, 0),
    toldWithin60s: told,
    worstSeconds: seconds(worst),
    callsPerPage: ratio(calls, pages),
  };
}

/** To three decimals; null of nothing. */
export const ratio = (calls: number, pages: number): number | null =>
  pages === 0 ? null : Math.round((1_000 * calls) / pages) / 1_000;

/** Incidents that the bot took to people. */
export const pagedBy = (events: readonly PublishedEvent[], bot: string): ReadonlySet<string> =>
  new Set(
    events
      .filter(
        ({ agent, type, assignees }) =>
          agent === bot &&
          (type === "escalated" || type === "delegated") &&
          assignees.some((id) => id !== bot),
      )
      .map(({ incident }) => incident),
  );
