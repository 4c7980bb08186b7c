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

/** An alert whose holds hide something: a thing to mend, not to get used to. */
export type MonitorToFix = {
  readonly alertType: string;
  readonly service: string;
  readonly title: string | null;
  readonly holds: number;
  /** Held incidents that resolved themselves, and whose alert opened again within the hour after. */
  readonly cameBack: number;
  /** Mean seconds until they closed, of the earlier and of the later half of the holds; null where there are too few. */
  readonly seconds: { readonly earlier: number; readonly later: number } | null;
  /** For people: why it is named. */
  readonly why: readonly string[];
};

/** From so many on, coming back is no accident. */
const OFTEN = 2;
/** Fewer holds have no trend. */
const TREND = 6;
/** The later half lasts so many times as long as the earlier one. */
const LONGER = 1.5;

/** Alerts that come back after they were held, or that are held longer and longer; those that come back most first. */
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
        ...(cameBack >= OFTEN
          ? [`It came back within the hour after ${cameBack} of ${held.length} holds.`]
          : []),
        ...(seconds !== null && seconds.later >= LONGER * seconds.earlier
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
  const lasted = held.flatMap(({ openedAt, closedAt }) => (closedAt === null ? [] : [closedAt - openedAt]));
  if (lasted.length < TREND) return null;
  const middle = lasted.length >> 1;
  const mean = (list: readonly number[]) =>
    Math.round(list.reduce((sum, one) => sum + one, 0) / list.length / 1000);
  return { earlier: mean(lasted.slice(0, middle)), later: mean(lasted.slice(middle)) };
}
