import { randomUUID } from "node:crypto";
import type { Prediction } from "@mrdata/incident";
import { z } from "zod";
import type { DocumentStore, StoredDocument } from "../document-store.ts";
import { decode, readOrNull, type SetAside } from "./decode.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { holdOf } from "./unreadable-hold.ts";

/** The caps keep the number far below this. More would be a runaway, and the caps need no more to see it. */
export const MAX_HOLDS = 1_000;
/** Manual changes in the database do not bump the version, so holds are queried again after this time. */
const REQUERY_MS = 60_000;

const markDocument = z.object({ change: z.string() });

/** Written in the same atomic write as every change of a hold. */
export const bumpHoldsVersion = () => ({ path: paths.holdsMark, data: { change: randomUUID() } });

/**
 * Holds whose window ends, or would have ended, after `at`, ordered by that end. Every decision reads them, but
 * few decisions are holds: the query is repeated only if the version, which every change of a hold bumps, has
 * changed. The version is read before the query, so that the result is at least as new as the version: the answer is
 * never older than the call.
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
      at < found.from + REQUERY_MS
    )
      return found.holds.filter(({ holdUntil }) => holdUntil !== null && holdUntil > at);
    const query = queryOf("holdsUntil", paths.predictions, [at], MAX_HOLDS);
    const holds = (await store.query(query)).map((document) => holdOf(document, setAside));
    found = holds.length < MAX_HOLDS ? { mark, from: at, holds } : null;
    return holds;
  };
}

/** The holds' version: "" before the first change of a hold; null if it cannot be read, and then the cache is not used. */
const markIn = (document: StoredDocument | null, setAside: SetAside): string | null =>
  document === null ? "" : readOrNull(() => decode(markDocument, document).change, setAside);
