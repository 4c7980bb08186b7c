import { MAX_ROWS } from "@mrdata/training";

/** Tasks of a training that was measured: seconds by name, and how many incidents it was of. */
export type MeasuredTasks = {
  readonly incidents: number;
  readonly seconds: ReadonlyMap<string, number>;
  /** Of `draw` over as many incidents as are planned for: it grows with the incidents and with the rows, each by a part of its own. */
  readonly drawSeconds: number;
};

export type Plan = {
  /** From the first task to the last. */
  readonly seconds: number;
  readonly longest: { readonly name: string; readonly seconds: number };
};

/** So many incidents are read by one task, and so many parts the services are cut into. */
const READ = 50_000;
const PARTITIONS = 64;

/**
 * What a training of so many incidents takes by so many instances, from the times of tasks of a smaller one. Every task
 * grows with its rows: reading and replaying with the incidents, fitting with those that are drawn, `MAX_ROWS` at most. Reads
 * follow one another; the tasks of a stage are dealt out, the longest first, to whoever is free.
 */
export const criticalPath =
  (incidents: number, instances: number) =>
  ({ incidents: measured, seconds, drawSeconds }: MeasuredTasks): Plan => {
    const rows = Math.min(incidents, MAX_ROWS) / measured;
    const all = (kind: string) => [...seconds].filter(([name]) => name.split("-")[0] === kind);
    const sum = (kind: string) => all(kind).reduce((total, [, one]) => total + one, 0);
    const reads = Array.from({ length: Math.ceil(incidents / READ) }, (_, i) => ({
      name: `read-${i}`,
      seconds: (sum("read") * Math.min(READ, incidents)) / measured,
    }));
    const features = Array.from({ length: PARTITIONS }, (_, i) => ({
      name: `features-${i}`,
      seconds: (sum("features") * incidents) / measured / PARTITIONS,
    }));
    const grown = (kinds: readonly string[], by: number) =>
      kinds.flatMap(all).map(([name, one]) => ({ name, seconds: one * by }));
    const stages = [
      ...reads.map((one) => [one]),
      [{ name: "draw", seconds: drawSeconds }],
      features,
      grown(["fit", "window"], rows),
      grown(["choose"], rows),
      grown(["train"], rows),
    ];
    const longest = stages
      .flat()
      .reduce((most, one) => (one.seconds > most.seconds ? one : most), { name: "none", seconds: 0 });
    return { seconds: stages.reduce((total, stage) => total + makespan(stage, instances), 0), longest };
  };

/** When the last of these tasks ends. */
function makespan(tasks: readonly { readonly seconds: number }[], instances: number): number {
  const busy = new Float64Array(Math.max(1, Math.min(instances, tasks.length)));
  for (const { seconds } of tasks.toSorted((a, b) => b.seconds - a.seconds)) {
    const first = busy.indexOf(Math.min(...busy));
    busy[first] = (busy[first] ?? 0) + seconds;
  }
  return Math.max(...busy);
}
