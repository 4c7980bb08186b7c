import { partsOfPast, type Replay } from "@mrdata/learning";
import type { Matrix } from "../matrix.ts";
import type { TrainingSpec } from "../spec.ts";

/** A block that tuning may use, with the rows that count. */
export type TuningBlock = { readonly block: number; readonly rows: readonly number[] };

/**
 * The rows that settings are measured on: those used for choosing and not for certification, because settings tuned on a row look
 * better on it than they are. Imported rows, and those with an unknown outcome, do not count.
 */
export function tuningBlocks(
  { blocks, knownAt }: Pick<Matrix, "blocks" | "knownAt">,
  { incidents, apart }: Pick<Replay, "incidents" | "apart">,
  { now, certificate }: Pick<TrainingSpec, "now" | "certificate">,
): readonly TuningBlock[] {
  const asked = blocks.flatMap(({ start, end }) =>
    incidents.slice(start, end).map(({ id, createdAt }, i) => ({ id, openedAt: createdAt, row: start + i })),
  );
  const counted = asked.filter(
    ({ id, row }) => apart?.has(id) !== true && (knownAt[row] ?? Number.POSITIVE_INFINITY) <= now,
  );
  const choosing = new Set(partsOfPast(counted, certificate).choosing.map(({ row }) => row));
  return blocks.flatMap(({ start, end }, block) => {
    const rows = Array.from({ length: end - start }, (_, i) => start + i).filter((row) => choosing.has(row));
    return rows.length === 0 ? [] : [{ block, rows }];
  });
}
