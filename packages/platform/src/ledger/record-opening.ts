import type { IncidentEvent, OutcomeRules } from "@mrdata/incident";
import type {
  DocumentData,
  DocumentStore,
  DocumentTransaction,
  SeenChange,
  StoredDocument,
} from "../document-store.ts";
import { paths } from "./paths.ts";
import { appending, type Recorded, recordEvent, recordsOf } from "./record-event.ts";

/** The most track records in the cache, each as it was last written. */
const MAX_CACHED = 1_000;

/** The work needed a document that is not cached. */
class CacheMissError extends Error {}

/**
 * Records events. In a storm most are openings, which hit one service's records one after the other. Records that this
 * process wrote last are cached, and an opening is then a single write without a read, which fails as a whole if the incident
 * is already known or somebody else has written to a record. On such a failure, and for every other event, a transaction is used.
 * Callers must serialise the events of a record.
 */
export function eventRecorder(
  store: DocumentStore,
): (event: IncidentEvent, rules: OutcomeRules) => Promise<Recorded> {
  const written = new Map<string, StoredDocument>();

  function keep(document: StoredDocument): void {
    written.delete(document.path);
    written.set(document.path, document);
    const [oldest] = written.size > MAX_CACHED ? written.keys() : [];
    if (oldest !== undefined) written.delete(oldest);
  }

  /** The documents that the opening's work needs; null if the incident is already known. */
  async function seen(
    event: IncidentEvent,
    records: readonly string[],
  ): Promise<ReadonlyMap<string, StoredDocument | null> | null> {
    const own = [paths.incident(event.incident), paths.event(event.incident, event.id)];
    const unknown = records.filter((path) => !written.has(path));
    // If a read is needed anyway, it also checks what the write would otherwise find out.
    const read = unknown.length === 0 ? [] : await store.getAll([...own, ...unknown]);
    if (read.slice(0, own.length).some((document) => document !== null)) return null;
    return new Map([
      ...own.map((path) => [path, null] as const),
      ...records.map((path) => [path, written.get(path) ?? null] as const),
      ...unknown.map((path, i) => [path, read[own.length + i] ?? null] as const),
    ]);
  }

  async function tryOpening(event: IncidentEvent, rules: OutcomeRules): Promise<Recorded | null> {
    const records = recordsOf(event, rules).map(paths.record);
    const known = await seen(event, records);
    if (known === null) return null;
    const changes: SeenChange[] = [];
    let recorded: Recorded;
    try {
      recorded = await appending(event, rules)(cachedTransaction(known, changes));
    } catch (error) {
      if (error instanceof CacheMissError) return null;
      throw error;
    }
    const revisions = await store.replace(changes);
    if (revisions === null) return null;
    for (const [i, { path, data }] of changes.entries()) {
      const revision = revisions[i];
      const id = path.slice(path.lastIndexOf("/") + 1);
      if (records.includes(path) && revision !== undefined) keep({ path, id, data, revision });
    }
    return recorded;
  }

  return async (event, rules) => {
    if (event.type === "triggered" && event.snapshot !== null) {
      const recorded = await tryOpening(event, rules);
      if (recorded !== null) return recorded;
    }
    // The transaction's writes are not cached.
    for (const key of recordsOf(event, rules)) written.delete(paths.record(key));
    return recordEvent(store, event, rules);
  };
}

/** A transaction over cached documents; its writes are collected, each with the revision that was read. */
function cachedTransaction(
  known: ReadonlyMap<string, StoredDocument | null>,
  changes: SeenChange[],
): DocumentTransaction {
  const get = (path: string): StoredDocument | null => {
    const document = known.get(path);
    if (document === undefined) throw new CacheMissError(path);
    return document;
  };
  const write = (path: string, data: DocumentData) => {
    changes.push({ path, data, revision: get(path)?.revision ?? null });
  };
  return {
    get: async (path) => get(path),
    getAll: async (all) => all.map(get),
    query: async ({ collection }) => {
      throw new CacheMissError(collection);
    },
    create: write,
    set: write,
    delete: (path) => {
      throw new CacheMissError(path);
    },
  };
}
