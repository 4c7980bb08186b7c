import type { ReportIncident } from "./report-data.ts";

/** An alarm that pages people for incidents that resolve themselves. The keys are those of `--json`. */
export type NoisyMonitor = {
  readonly alarm: string;
  readonly title: string | null;
  readonly service: string;
  readonly serviceName: string | null;
  /** Number of unneeded pages, and of all its incidents. */
  readonly wakings: number;
  readonly incidents: number;
  /** When the last of these opened, milliseconds since the epoch. */
  readonly lastAt: number;
  /** How long these were open in total, seconds. */
  readonly openSeconds: number;
  /** The ranking: minutes open, each unneeded page for 5 to 60, with a half-life of a week. */
  readonly weight: number;
};

const HALF_LIFE_MS = 7 * 86_400_000;
const MIN_MINUTES = 5;
const MAX_MINUTES = 60;

/** Ranks alarms by how often, how recently and how long they paged people for incidents that resolved themselves. `now` in milliseconds. */
export function noisyMonitors(all: readonly ReportIncident[], now: number): readonly NoisyMonitor[] {
  return [...Map.groupBy(all, ({ alarm }) => alarm)]
    .flatMap(([alarm, incidents]): readonly NoisyMonitor[] => {
      const unneeded = incidents.filter(
        ({ result, outcome }) =>
          result === "unneeded page" || (result === "control" && outcome === "self-resolved"),
      );
      const latest = unneeded.reduce<ReportIncident | null>(
        (last, one) => (last === null || one.openedAt > last.openedAt ? one : last),
        null,
      );
      if (latest === null) return [];
      const { title, service, serviceName, openedAt } = latest;
      return [
        {
          alarm,
          title,
          service,
          serviceName,
          wakings: unneeded.length,
          incidents: incidents.length,
          lastAt: openedAt,
          openSeconds: unneeded.reduce((sum, one) => sum + openSecondsOf(one, now), 0),
          weight: unneeded.reduce((sum, one) => sum + weightOf(one, now), 0),
        },
      ];
    })
    .sort((a, b) => b.weight - a.weight || (a.alarm < b.alarm ? -1 : 1));
}

const openSecondsOf = ({ openedAt, closedAt }: ReportIncident, now: number): number =>
  Math.max(0, (closedAt ?? now) - openedAt) / 1000;

function weightOf(one: ReportIncident, now: number): number {
  const minutes = Math.min(MAX_MINUTES, Math.max(MIN_MINUTES, openSecondsOf(one, now) / 60));
  return minutes * 0.5 ** (Math.max(0, now - one.openedAt) / HALF_LIFE_MS);
}
