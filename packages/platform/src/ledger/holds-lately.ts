import { randomUUID } from "node:crypto";
import type { Prediction } from "@mrdata/incident";
import { z } from "zod";
import type { DocumentStore, StoredDocument } from "../document-store.ts";
import { decode, readOrNull, type SetAside } from "./decode.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { holdOf } from "./unreadable-hold.ts";

/** Caps keep it far below; what is beyond is a runaway, and the caps see as much as they need to. */
export const MAX_HOLDS = 1_000;
/** What was changed in the database by hand moves no mark: holds are queried again after so long, milliseconds. */
const QUERY_AGAIN = 60_000;

const markDocument = z.object({ change: z.string() });

/** Written in the same atomic write as every change of a hold. */
export const bumpHoldsVersion = () => ({ path: paths.holdsMark, data: { change: randomUUID() } });

/**
 * Holds whose window ends, or would have ended, after `at`, the first to end first. Every decision asks for them, and
 * few decisions are holds: their query is made again only where the mark that moves with every change of a hold has
 * moved. The mark is read before the query, so that what was found is as new as its mark or newer: the answer is
 * never older than the question.
 */
export function holdsReader(
  store: Pick<DocumentStore, "get" | "query">,
  setAside: SetAside,
): (at: number) => Promise<readonly Prediction[]> {
  let found: {
    readonly mark: string | null;
    readonly from: number;
    readonly holds: readonly Prediction[];
  } | null = null;

  return async (at) => {
    const mark = markIn(await store.get(paths.holdsMark), setAside);
    if (
      found !== null &&
      mark !== null &&
      found.mark === mark &&
      at >= found.from &&
      at < found.from + QUERY_AGAIN
    )
      return found.holds.filter(({ holdUntil }) => holdUntil !== null && holdUntil > at);
    const query = queryOf("holdsUntil", paths.predictions, [at], MAX_HOLDS);
    const holds = (await store.query(query)).map((document) => holdOf(document, setAside));
    found = holds.length < MAX_HOLDS ? { mark, from: at, holds } : null;
    return holds;
  };
}

/** "" before the first change of a hold; null where it cannot be read: then nothing is known to be as it was. */
const markIn = (document: StoredDocument | null, setAside: SetAside): string | null =>
  document === null ? "" : readOrNull(() => decode(markDocument, document).change, setAside);
