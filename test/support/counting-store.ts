import type { DocumentReader, DocumentStore } from "@mrdata/platform";

export type Counts = {
  reads: number;
  writes: number;
  /** Writes by path. */
  readonly written: Map<string, number>;
};

/**
 * A store that counts what Firestore charges for: a document for each that is asked for, whether or not it is there, one at least
 * for a query, one for each thousand that are counted, and each write
 * (https://cloud.google.com/firestore/pricing#operations).
 */
export function countingStore(store: DocumentStore): {
  readonly store: DocumentStore;
  readonly counts: Counts;
} {
  const counts: Counts = { reads: 0, writes: 0, written: new Map() };
  const wrote = (path: string): void => {
    counts.writes++;
    counts.written.set(path, (counts.written.get(path) ?? 0) + 1);
  };
  const reading = (reader: DocumentReader): DocumentReader => ({
    async get(path) {
      counts.reads++;
      return reader.get(path);
    },
    async getAll(paths) {
      counts.reads += paths.length;
      return reader.getAll(paths);
    },
    async query(query) {
      const found = await reader.query(query);
      counts.reads += Math.max(1, found.length);
      return found;
    },
  });
  return {
    counts,
    store: {
      ...reading(store),
      page: (...of) => store.page(...of),
      async count(query) {
        const count = await store.count(query);
        counts.reads += Math.max(1, Math.ceil(count / 1_000));
        return count;
      },
      async create(path, data, beside) {
        await store.create(path, data, beside);
        wrote(path);
        if (beside !== undefined) wrote(beside.path);
      },
      async set(path, data) {
        wrote(path);
        await store.set(path, data);
      },
      async delete(path) {
        wrote(path);
        await store.delete(path);
      },
      async replace(changes) {
        for (const { path } of changes) wrote(path);
        return store.replace(changes);
      },
      transaction: (work) =>
        store.transaction((transaction) =>
          work({
            ...reading(transaction),
            create(path, data) {
              wrote(path);
              transaction.create(path, data);
            },
            set(path, data) {
              wrote(path);
              transaction.set(path, data);
            },
            delete(path) {
              wrote(path);
              transaction.delete(path);
            },
          }),
        ),
      close: () => store.close(),
    },
  };
}
