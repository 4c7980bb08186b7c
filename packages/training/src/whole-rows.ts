import type { LabelledRows, Replay } from "@mrdata/learning";
import { rowsIn } from "./bytes.ts";
import type { Matrix } from "./matrix.ts";
import type { TrainingSpec } from "./spec.ts";
import { resultOf, type TaskIo } from "./task-io.ts";
import { apartOf, type DrawResult } from "./tasks/draw.ts";
import { incidentIn, type ReadIncident } from "./tasks/read.ts";

/** The rows including merged ones, with the labels of those that are learnt from. */
export type WholeRows = { readonly whole: Replay; readonly replay: LabelledRows };

/** Reads the incidents of the rows together with their columns. */
export async function wholeRows(
  { windowMs }: Pick<TrainingSpec, "windowMs">,
  { drawn }: Pick<DrawResult, "drawn">,
  { whole, own, columns, labels, censored }: Matrix,
  io: Pick<TaskIo, "results">,
): Promise<WholeRows> {
  const all: ReadIncident[] = [];
  for (const row of rowsIn(await resultOf(io, drawn))) all.push(incidentIn(row));
  const incidents = Array.from(own).flatMap((place) => all[place] ?? []);
  const ids = apartOf(all);
  const apart = ids.size === 0 ? {} : { apart: ids };
  return {
    whole: { incidents: all, columns: whole, ...apart },
    replay: { incidents, columns, windowMs, labels, censored, ...apart },
  };
}
