import type { Outcome } from "@mrdata/incident";

const HOUR = 3_600_000;

/** One incident of an alert type. Times are milliseconds since the epoch. */
export type SeenIncident = {
  readonly alertType: string;
  readonly service: string;
  readonly title: string | null;
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly held: boolean;
  readonly outcome: Outcome | null;
};

/** An alert whose holds may hide a fault: something to fix, not to get used to. */
export type MonitorToFix = {
  readonly alertType: string;
  readonly service: string;
  readonly title: string | null;
  readonly holds: number;
  /** Held incidents that resolved themselves and whose alert opened again within an hour. */
  readonly cameBack: number;
  /** Mean duration in seconds of the earlier and of the later half of the holds; null if there are too few. */
  readonly seconds: { readonly earlier: number; readonly later: number } | null;
  /** Sentences for people: why it is on the list. */
  readonly why: readonly string[];
};

/** Coming back this often is not chance. */
const MIN_CAME_BACK = 2;
/** Fewer holds show no trend. */
const MIN_HOLDS_FOR_TREND = 6;
/** The later half of the holds lasts at least this many times as long as the earlier one. */
const MIN_GROWTH_FACTOR = 1.5;

/** Alerts that come back after they were held, or whose holds grow longer; those that come back most often first. */
export function monitorsToFix(incidents: readonly SeenIncident[]): readonly MonitorToFix[] {
  const byType = Map.groupBy(
    incidents.toSorted((a, b) => a.openedAt - b.openedAt),
    ({ alertType }) => alertType,
  );
  return [...byType]
    .flatMap(([alertType, seen]): readonly MonitorToFix[] => {
      const held = seen.filter((one) => one.held);
      const last = held.at(-1);
      if (last === undefined) return [];
      const cameBack = held.filter(
        ({ outcome, openedAt, closedAt }) =>
          outcome === "self-resolved" &&
          closedAt !== null &&
          seen.some((next) => next.openedAt > openedAt && next.openedAt <= closedAt + HOUR),
      ).length;
      const seconds = trendOf(held);
      const why = [
        ...(cameBack >= MIN_CAME_BACK
          ? [`It came back within the hour after ${cameBack} of ${held.length} holds.`]
          : []),
        ...(seconds !== null && seconds.later >= MIN_GROWTH_FACTOR * seconds.earlier
          ? [`It lasts longer: ${seconds.later} s lately, ${seconds.earlier} s before.`]
          : []),
      ];
      const { service, title } = last;
      return why.length === 0
        ? []
        : [{ alertType, service, title, holds: held.length, cameBack, seconds, why }];
    })
    .sort((a, b) => b.cameBack - a.cameBack || b.holds - a.holds);
}

function trendOf(held: readonly SeenIncident[]): MonitorToFix["seconds"] {
  const durationsMs = held.flatMap(({ openedAt, closedAt }) =>
    closedAt === null ? [] : [closedAt - openedAt],
  );
  if (durationsMs.length < MIN_HOLDS_FOR_TREND) return null;
  const middle = durationsMs.length >> 1;
  const mean = (list: readonly number[]) =>
    Math.round(list.reduce((sum, one) => sum + one, 0) / list.length / 1000);
  return { earlier: mean(durationsMs.slice(0, middle)), later: mean(durationsMs.slice(middle)) };
}
