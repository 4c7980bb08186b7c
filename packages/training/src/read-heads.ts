import { rowsIn } from "./bytes.ts";
import { collectHeads, type SortedHeads } from "./sorted-heads.ts";
import { resultOf, type TaskIo } from "./task-io.ts";
import { headIn, type ReadResult } from "./tasks/read.ts";

/** All heads, and how many each page has, in order of reading. One page at a time is in memory as it was written. */
export async function readHeads(
  read: readonly Pick<ReadResult, "heads">[],
  io: Pick<TaskIo, "results">,
): Promise<{ readonly heads: SortedHeads; readonly pages: readonly number[] }> {
  const collected = collectHeads();
  const pages: number[] = [];
  for (const { heads } of read) {
    let page = 0;
    for (const row of rowsIn(await resultOf(io, heads))) {
      collected.add(headIn(row));
      page++;
    }
    pages.push(page);
  }
  return { heads: collected.sorted(), pages };
}
