import type { DatabaseSync } from "node:sqlite";
import {
  type DocumentData,
  DocumentExistsError,
  type DocumentQuery,
  type DocumentReader,
  type DocumentStore,
  type DocumentTransaction,
  type StoredDocument,
} from "../document-store.ts";
import { among, compile, fieldPath, OUTERMOST, ofCollection } from "./document-query.ts";
import { encodeDocument, splitPath } from "./document-rules.ts";
import { retryWhileLocked } from "./lock-retry.ts";
import { atomically, LOCK_TIMEOUT_MS, openDatabase, statements } from "./sqlite.ts";

export type EmbeddedIndex = {
  readonly collection: string;
  readonly fields: readonly { readonly field: string; readonly direction: "asc" | "desc" }[];
};

export type EmbeddedStoreOptions = {
  readonly file: string;
  readonly indexes?: readonly EmbeddedIndex[];
  /** How long a read or write waits while another process locks the file. The thread is not blocked meanwhile. */
  readonly lockTimeoutMs?: number;
};

const MAX_TRIES = 100;

type Versioned = StoredDocument & { readonly version: number };

export type EmbeddedStore = DocumentStore & {
  /**
   * One commit for everything written through this store while `work` runs, and none of it if `work` fails. Many
   * times faster, for filling a ledger that has no other writer meanwhile. Must not be nested.
   */
  together<T>(work: () => Promise<T>): Promise<T>;
};

/**
 * Documents in one SQLite file. Several processes may open it at once.
 *
 * @example
 * ```ts
 * const store = openEmbeddedStore({ file: ":memory:" });
 * await store.create("settings/bot", { schema: 2 });
 * (await store.get("settings/bot")).data; // => { schema: 2 }
 * await store.close();
 * ```
 */
export function openEmbeddedStore({
  file,
  indexes = [],
  lockTimeoutMs = LOCK_TIMEOUT_MS,
}: EmbeddedStoreOptions): EmbeddedStore {
  const database = openDatabase(file, (opened) => prepare(opened, indexes));
  /** Readers and writers queue separately, because readers are hardly ever locked out. */
  const reading = retryWhileLocked(lockTimeoutMs);
  const writing = retryWhileLocked(lockTimeoutMs);
  const sql = statements(database);
  const indexed = new Set(indexes.map(({ collection }) => collection));
  // Versions only ever grow, also across deletions: a recreated document must not look like the one that was read.
  /** Reserves a range of versions and returns the first one. */
  const versionsFor = (count: number): number =>
    Number(sql("UPDATE counter SET value = value + ? RETURNING value").get(count)?.value) - count + 1;
  const put = ({ path, collection, id }: Place, json: string, version: number) => {
    sql(
      "INSERT INTO documents (path, collection, id, version, json) VALUES (?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET version = excluded.version, json = excluded.json",
    ).run(path, collection, id, version, json);
  };
  const versionOf = (path: string): number =>
    Number(sql("SELECT version FROM documents WHERE path = ?").get(path)?.version ?? 0);
  const drop = (path: string) => sql("DELETE FROM documents WHERE path = ?").run(path);
  const read = (path: string): Versioned | null => {
    splitPath(path);
    const row = sql("SELECT path, id, version, json FROM documents WHERE path = ?").get(path);
    return row === undefined ? null : documentOf(row);
  };
  const find = (query: DocumentQuery): readonly Versioned[] => {
    const { where, tail, parameters } = compile(query, indexed);
    return sql(`SELECT path, id, version, json FROM documents WHERE ${where}${tail}`)
      .all(...parameters)
      .map(documentOf);
  };
  const create = (place: Place, json: string, version: number) => {
    if (versionOf(place.path) !== 0) throw new DocumentExistsError(place.path);
    put(place, json, version);
  };

  return {
    get: (path) => reading(() => revised(read(path))),
    getAll: (paths) => reading(() => paths.map((path) => revised(read(path)))),
    query: (query) => reading(() => find(query).map(bare)),
    page: (collection, { after, limit }) =>
      reading(() => {
        const { where, parameters } = among(collection);
        return sql(
          `SELECT path, id, version, json FROM documents WHERE ${where} AND id > ? ORDER BY id LIMIT ?`,
        )
          .all(...parameters, after ?? "", limit)
          .map((row) => bare(documentOf(row)));
      }),
    count: (query) =>
      reading(() => {
        const { where, parameters } = compile(query, indexed);
        return Number(sql(`SELECT count(*) AS n FROM documents WHERE ${where}`).get(...parameters)?.n);
      }),
    async create(path, data, beside) {
      const json = encodeDocument(path, data);
      const place = placeOf(path);
      const other = beside && { place: placeOf(beside.path), json: encodeDocument(beside.path, beside.data) };
      await writing(() =>
        atomically(database, () => {
          const version = versionsFor(other === undefined ? 1 : 2);
          create(place, json, version);
          if (other !== undefined) put(other.place, other.json, version + 1);
        }),
      );
    },
    async set(path, data) {
      const json = encodeDocument(path, data);
      const place = placeOf(path);
      await writing(() => atomically(database, () => put(place, json, versionsFor(1))));
    },
    async delete(path) {
      splitPath(path);
      await writing(() => drop(path));
    },
    async replace(changes) {
      const encoded = changes.map(({ path, data, revision }) => ({
        place: placeOf(path),
        json: encodeDocument(path, data),
        seen: Number(revision ?? 0),
      }));
      return writing(() =>
        atomically(database, () => {
          if (encoded.some(({ place, seen }) => versionOf(place.path) !== seen)) return null;
          const first = versionsFor(encoded.length);
          for (const [i, { place, json }] of encoded.entries()) put(place, json, first + i);
          return encoded.map((_, i) => String(first + i));
        }),
      );
    },
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        const seen = new Map<string, number>();
        const queried: { readonly query: DocumentQuery; readonly answer: string }[] = [];
        const writes: Write[] = [];
        const transaction = transactionOver({ read, find, seen, queried, writes, create, put, drop });
        const result = await work(transaction);
        const commit = (): boolean => {
          for (const [path, version] of seen) if (versionOf(path) !== version) return false;
          for (const { query, answer } of queried) if (fingerprint(find(query)) !== answer) return false;
          let version = writes.length === 0 ? 0 : versionsFor(writes.length);
          for (const write of writes) write(version++);
          return true;
        };
        const committed = await writing(() => atomically(database, commit));
        if (committed) return result;
        if (attempt >= MAX_TRIES)
          throw new Error(
            `a transaction over ${[...seen.keys()].slice(0, 3).join(", ")} was overtaken ${attempt} times`,
          );
        await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(20, attempt)));
      }
    },
    async together(work) {
      await writing(() => database.exec("BEGIN IMMEDIATE"));
      try {
        const result = await work();
        database.exec("COMMIT");
        return result;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

/** A document's path and its parts. */
type Place = { readonly path: string; readonly collection: string; readonly id: string };
const placeOf = (path: string): Place => ({ path, ...splitPath(path) });

/** Performed at the commit, with a version that no other write has. */
type Write = (version: number) => void;

type Parts = {
  readonly read: (path: string) => Versioned | null;
  readonly find: (query: DocumentQuery) => readonly Versioned[];
  readonly seen: Map<string, number>;
  readonly queried: { readonly query: DocumentQuery; readonly answer: string }[];
  readonly writes: Write[];
  readonly create: (place: Place, json: string, version: number) => void;
  readonly put: (place: Place, json: string, version: number) => void;
  readonly drop: (path: string) => void;
};

/** Optimistic: reads are remembered with their versions, writes are buffered until the commit. */
function transactionOver({
  read,
  find,
  seen,
  queried,
  writes,
  create,
  put,
  drop,
}: Parts): DocumentTransaction {
  const beforeWrites = () => {
    if (writes.length > 0)
      throw new Error("in a transaction all reads come before the writes, as in Firestore");
  };
  const note = (path: string): Versioned | null => {
    beforeWrites();
    const document = read(path);
    const known = seen.get(path);
    if (known === undefined) seen.set(path, document?.version ?? 0);
    return document;
  };
  const reader: DocumentReader = {
    get: async (path) => plain(note(path)),
    getAll: async (paths) => paths.map((path) => plain(note(path))),
    async query(query) {
      beforeWrites();
      const found = find(query);
      queried.push({ query, answer: fingerprint(found) });
      return found.map(bare);
    },
  };
  const write = (path: string, data: DocumentData, how: Parts["put"]) => {
    const place = placeOf(path);
    const json = encodeDocument(path, data);
    writes.push((version) => how(place, json, version));
  };
  return {
    ...reader,
    create: (path, data) => write(path, data, create),
    set: (path, data) => write(path, data, put),
    delete: (path) => {
      splitPath(path);
      writes.push(() => drop(path));
    },
  };
}

const bare = ({ path, id, data }: Versioned): StoredDocument => ({ path, id, data });
const plain = (document: Versioned | null): StoredDocument | null =>
  document === null ? null : bare(document);
const revised = (document: Versioned | null): StoredDocument | null =>
  document === null ? null : { ...bare(document), revision: String(document.version) };
const fingerprint = (documents: readonly Versioned[]): string =>
  documents.map(({ path, version }) => `${path}@${version}`).join("\n");
const documentOf = (row: Readonly<Record<string, unknown>>): Versioned => ({
  path: String(row.path),
  id: String(row.id),
  version: Number(row.version),
  data: JSON.parse(String(row.json)),
});

const nameOf = ({ collection, fields }: EmbeddedIndex): string =>
  `${collection}_by_${fields.map(({ field, direction }) => `${field.replaceAll(".", "_")}_${direction}`).join("_")}`;

/** True if an earlier start has prepared the file: then nothing is written, and no lock is needed. */
function isPrepared(database: DatabaseSync, indexes: readonly EmbeddedIndex[]): boolean {
  const there = new Set(
    database
      .prepare("SELECT name FROM sqlite_master")
      .all()
      .map(({ name }) => String(name)),
  );
  // Files of earlier versions have an index over all collections, which serves as well.
  const hasOutermost = there.has("by_outermost") || there.has("by_collection");
  return hasOutermost && ["documents", "counter", ...indexes.map(nameOf)].every((name) => there.has(name));
}

function prepare(database: DatabaseSync, indexes: readonly EmbeddedIndex[]): void {
  if (isPrepared(database, indexes)) return;
  atomically(database, () => {
    database.exec(`
      CREATE TABLE IF NOT EXISTS documents (path TEXT PRIMARY KEY, collection TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, json TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS by_outermost ON documents (collection, id) WHERE ${OUTERMOST};
      CREATE TABLE IF NOT EXISTS counter (one INTEGER PRIMARY KEY CHECK (one = 1), value INTEGER NOT NULL);
      INSERT OR IGNORE INTO counter VALUES (1, 0);
    `);
    for (const index of indexes) {
      const { collection, fields } = index;
      const columns = fields.map(
        ({ field, direction }) => `json_extract(json, ${fieldPath(field)}) ${direction}`,
      );
      // With types next to the values the index covers the query: counting reads no document.
      const types = fields.map(({ field }) => `json_type(json, ${fieldPath(field)})`);
      // A partial index for one collection: otherwise every other document would be parsed for it, too, on each write.
      database.exec(
        `CREATE INDEX IF NOT EXISTS ${nameOf(index)} ON documents (collection, ${[...columns, ...types].join(", ")}) WHERE ${ofCollection(collection)}`,
      );
    }
  });
}
