import type { ReportIncident } from "./report-data.ts";

/** An alarm that wakes people for what resolves itself. */
export type NoisyMonitor = {
  readonly alarm: string;
  readonly title: string | null;
  readonly service: string;
  readonly serviceName: string | null;
  /** How often people were paged for what resolved itself, of how many incidents of it in all. */
  readonly wakings: number;
  readonly incidents: number;
  /** When that was last, milliseconds since the epoch. */
  readonly lastAt: number;
  /** How long these were open altogether, seconds. */
  readonly openSeconds: number;
  /** What they are ranked by: minutes, each waking for 5 at least and 60 at most, what is a week ago for half. */
  readonly weight: number;
};

const HALF_LIFE_MS = 7 * 86_400_000;
const MIN_MINUTES = 5;
const MAX_MINUTES = 60;

/** Ranked by how often, how lately and how long they wake people for what resolves itself. `now` in milliseconds. */
export function noisyMonitors(all: readonly ReportIncident[], now: number): readonly NoisyMonitor[] {
  return [...Map.groupBy(all, ({ alarm }) => alarm)]
    .flatMap(([alarm, seen]): readonly NoisyMonitor[] => {
      const woke = seen.filter(
        ({ result, outcome }) =>
          result === "unneeded page" || (result === "control" && outcome === "self-resolved"),
      );
      const latest = woke.reduce<ReportIncident | null>(
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
          wakings: woke.length,
          incidents: seen.length,
          lastAt: openedAt,
          openSeconds: woke.reduce((sum, one) => sum + openSecondsOf(one, now), 0),
          weight: woke.reduce((sum, one) => sum + weightOf(one, now), 0),
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
