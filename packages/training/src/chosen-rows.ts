import { outOfRange } from "@mrdata/base";
import { limitPerService } from "./drawn.ts";
import type { SortedHeads } from "./sorted-heads.ts";

export type ChosenRows = {
  /** By place: the number of its row, or −1. Rows are in order of opening. */
  readonly rowOf: Int32Array;
  readonly rows: number;
  /** The most incidents drawn per service. */
  readonly perService: number;
  /** How many incidents are merged ones. */
  readonly merged: number;
};

/**
 * The newest incidents of each service, `maxRows` at most in all. Merged ones are rows only for shorter hold windows, and are
 * included if such windows are evaluated and all rows fit.
 */
export function chooseRows(
  { count, serviceAt, services, merged }: SortedHeads,
  { maxRows, windows }: { readonly maxRows: number; readonly windows: boolean },
): ChosenRows {
  const withMerged = windows && count <= maxRows;
  /** By service: how many of it are still to come. */
  const left = new Int32Array(services.length);
  let mergedCount = 0;
  for (let place = 0; place < count; place++) {
    const service = serviceAt[place] ?? outOfRange();
    if (merged[place] === 1) mergedCount++;
    else left[service] = (left[service] ?? outOfRange()) + 1;
  }
  const perService = limitPerService(
    Array.from(left).filter((own) => own > 0),
    maxRows,
  );
  const rowOf = new Int32Array(count).fill(-1);
  let rows = 0;
  for (let place = 0; place < count; place++) {
    if (merged[place] === 1) {
      if (withMerged) rowOf[place] = rows++;
      continue;
    }
    const service = serviceAt[place] ?? outOfRange();
    const after = left[service] ?? outOfRange();
    left[service] = after - 1;
    if (after <= perService) rowOf[place] = rows++;
  }
  return { rowOf, rows, perService, merged: mergedCount };
}
