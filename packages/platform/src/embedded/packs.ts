import type { SQLInputValue, StatementSync } from "node:sqlite";
import { outOfRange } from "@mrdata/base";
import type { DocumentData } from "../document-store.ts";

/**
 * A sub-collection that one transaction wrote whole, in one row: the events of an incident of the past. A row of its own for
 * each document, and two entries in indexes, is what filling a ledger took most of its time for. Such a collection is either
 * packed or not, never both; whoever writes to it again unpacks it first. Nobody above the store can tell.
 */
export const PACKS =
  "CREATE TABLE IF NOT EXISTS packs (collection TEXT PRIMARY KEY, first INTEGER NOT NULL, json TEXT NOT NULL);";

/** Packed documents as rows of the table `documents`, for any query over it: a packed collection is named by its first parameter. */
export const UNPACKED = `WITH documents AS (SELECT packs.collection || '/' || json_extract(one.value, '$[0]') AS path, packs.collection AS collection, json_extract(one.value, '$[0]') AS id, packs.first + one.key AS version, json_extract(one.value, '$[1]') AS json FROM packs, json_each(packs.json) AS one WHERE packs.collection = ?) `;

/** A document to be packed: its id and its text. */
export type Packable = { readonly id: string; readonly json: string };
export type Packed = {
  readonly path: string;
  readonly id: string;
  readonly version: number;
  readonly data: DocumentData;
};

/** Only what lies within a document is ever packed. */
export const isNested = (collection: string): boolean => collection.includes("/");

const beyondBasic = /[\ud800-\uffff]/;
/** The order of UTF-8 bytes, which is SQLite's. */
const inOrder = (a: string, b: string): number =>
  beyondBasic.test(a) || beyondBasic.test(b)
    ? Buffer.compare(Buffer.from(a), Buffer.from(b))
    : a < b
      ? -1
      : a > b
        ? 1
        : 0;

export function packsIn(sql: (text: string) => StatementSync) {
  const rowOf = (collection: string) =>
    isNested(collection)
      ? sql("SELECT first, json FROM packs WHERE collection = ?").get(collection)
      : undefined;
  /** The documents of a packed collection in order of their ids; null where it is not packed. */
  const all = (collection: string): readonly Packed[] | null => {
    const row = rowOf(collection);
    if (row === undefined) return null;
    const first = Number(row.first);
    const entries: readonly (readonly [string, DocumentData])[] = JSON.parse(String(row.json));
    return entries.map(([id, data], i) => ({ path: `${collection}/${id}`, id, version: first + i, data }));
  };
  return {
    all,
    has: (collection: string): boolean =>
      isNested(collection) && sql("SELECT 1 FROM packs WHERE collection = ?").get(collection) !== undefined,
    /** Writes a collection of which there is nothing yet; its documents have the versions from `first` on. */
    pack(collection: string, documents: readonly Packable[], first: number): void {
      const entries = documents
        .toSorted((a, b) => inOrder(a.id, b.id))
        .map(({ id, json }) => `[${JSON.stringify(id)},${json}]`);
      sql("INSERT INTO packs (collection, first, json) VALUES (?, ?, ?)").run(
        collection,
        first,
        `[${entries.join(",")}]`,
      );
    },
    /** Makes rows of their own of a collection's documents, as they were. In a transaction. */
    unpack(collection: string): void {
      if (rowOf(collection) === undefined) return;
      sql(
        `INSERT INTO documents (path, collection, id, version, json) ${UNPACKED} SELECT path, collection, id, version, json FROM documents`,
      ).run(collection);
      sql("DELETE FROM packs WHERE collection = ?").run(collection);
    },
    /**
     * True where there is nothing of a collection, neither packed nor not. By the paths, `0` being what comes behind `/`: by the
     * collection SQLite takes seven times as long. What lies deeper counts as well, and then it is not packed.
     */
    isFresh: (collection: string): boolean =>
      sql(
        "SELECT 1 FROM packs WHERE collection = ?1 UNION ALL SELECT 1 FROM documents WHERE path > ?1 || '/' AND path < ?1 || '0' LIMIT 1",
      ).get(collection) === undefined,
  };
}

/** A query's text and parameters over a collection that is packed, or is not. */
export const over = (
  isPacked: boolean,
  collection: string,
  text: string,
  parameters: readonly SQLInputValue[],
): readonly [text: string, parameters: readonly SQLInputValue[]] =>
  isPacked ? [`${UNPACKED}${text}`, [collection, ...parameters]] : [text, parameters];

/** What one transaction writes to one document. */
export type PendingWrite = {
  readonly how: "create" | "put" | "drop";
  readonly collection: string;
  readonly id: string;
};

/** A single document is as well off in a row of its own, and the next event of a running incident comes soon. */
const FEWEST = 2;

/**
 * The collections that a transaction's writes may pack, each with the places of its writes: at least two documents within one
 * document, each written once. Whether there is something of them already has still to be asked.
 */
export function packableAmong(writes: readonly PendingWrite[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [i, { collection }] of writes.entries()) {
    if (!isNested(collection)) continue;
    const known = places.get(collection);
    if (known === undefined) places.set(collection, [i]);
    else known.push(i);
  }
  for (const [collection, those] of places) {
    const ids = new Set(those.map((i) => (writes[i] ?? outOfRange()).id));
    if (those.length < FEWEST || ids.size < those.length || those.some((i) => writes[i]?.how !== "put"))
      places.delete(collection);
  }
  return places;
}
