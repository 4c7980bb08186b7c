import { featuresOf, featureTable, type Situation, serviceReplay } from "@mrdata/learning";
import { bytesOf, int32sIn } from "../bytes.ts";
import type { TaskOutcome } from "../graph.ts";
import { resultName } from "../names.ts";
import { PER_PLACE } from "../places.ts";
import type { TrainingSpec } from "../spec.ts";
import { resultOf, resultOr, type TaskIo } from "../task-io.ts";
import { type DrawResult, incidentsOf } from "./draw.ts";

/** The `places` of a partition's incidents, from the draw. */
export async function placesOf(draw: DrawResult, partition: number, io: TaskIo): Promise<Int32Array> {
  const name = draw.places.find(([own]) => own === partition)?.[1];
  if (name === undefined) throw new Error(`partition ${partition} has no rows`);
  return int32sIn(await resultOf(io, name));
}

/** Replays the services of one partition: the columns of its rows, concatenated. */
export async function featuresTask(
  spec: TrainingSpec,
  { name: drawName, draw }: { readonly name: string; readonly draw: DrawResult },
  partition: number,
  io: TaskIo,
): Promise<TaskOutcome> {
  const parts = draw.parts.find(([own]) => own === partition)?.[1] ?? [];
  const name = resultName("features", [drawName, ...parts], partition);
  await resultOr(io, name, async () => {
    const incidents = await incidentsOf(parts, io);
    const places = await placesOf(draw, partition, io);
    const rows = Array.from(incidents.keys()).filter((i) => (places[PER_PLACE * i] ?? -1) >= 0);
    const rowAt = new Map(rows.map((i, row) => [i, row] as const));
    const { length: features } = featureTable(draw.details);
    const columns = new Float32Array(features * rows.length);
    let first = 0;
    for (const own of Map.groupBy(incidents, ({ service }) => service).values()) {
      const begins = first;
      const take = (i: number, situation: Omit<Situation, "organisation">) => {
        const row = rowAt.get(begins + i);
        if (row === undefined) return;
        const [hour = 0, day = 0, week = 0] = places.subarray(PER_PLACE * (begins + i) + 1);
        const values = featuresOf({ ...situation, organisation: { hour, day, week } }, draw.details);
        for (let k = 0; k < features; k++) columns[k * rows.length + row] = values[k] ?? Number.NaN;
      };
      // Incidents that the bot saw live get the past that it had then, without imported files; imported ones get everything.
      const live = Array.from(own.keys()).filter((i) => own[i]?.byFile !== true);
      const all = Array.from(own.keys());
      for (const places of live.length === own.length ? [live] : [live, all])
        serviceReplay(spec.windowMs, draw.details)(
          places.flatMap((i) => own[i] ?? []),
          (n, situation) => {
            const i = places[n] ?? -1;
            if (places === live || own[i]?.byFile === true) take(i, situation);
          },
        );
      first += own.length;
    }
    return bytesOf(columns);
  });
  return { result: name };
}
