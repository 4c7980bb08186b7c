import type { DetailColumns } from "@mrdata/learning";
import { featureTable, type Replay } from "@mrdata/learning";

/** The share of the newest rows that are checked, and their minimum number. */
const NEWEST = 0.1;
const MIN_ROWS = 50;

/** Features that older rows have and the newest lack: their source is no longer sent. */
export function vanishedFeatures(
  { columns }: Pick<Replay, "columns">,
  details: DetailColumns,
): readonly string[] {
  return featureTable(details).flatMap(({ name }, k) => {
    const column = columns[k];
    if (column === undefined) return [];
    const from = column.length - Math.max(MIN_ROWS, Math.ceil(NEWEST * column.length));
    const has = (values: Float32Array) => values.some((value) => !Number.isNaN(value));
    return from > 0 && has(column.subarray(0, from)) && !has(column.subarray(from)) ? [name] : [];
  });
}
