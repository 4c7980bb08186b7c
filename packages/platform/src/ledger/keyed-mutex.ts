/** Runs work with the same key sequentially, with different keys concurrently. */
export type KeyedMutex = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/**
 * Within one process, transactions that would conflict on a document wait for each other here, in memory. In the
 * database each conflict costs a lock, an abort and a retry after a second or more
 * (https://cloud.google.com/firestore/docs/transaction-data-contention), and a storm would be nothing but conflicts.
 */
export function createKeyedMutex(): KeyedMutex {
  const ends = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = ends.get(key) ?? Promise.resolve();
    const done = before.then(work, work);
    ends.set(key, done);
    const release = () => {
      if (ends.get(key) === done) ends.delete(key);
    };
    done.then(release, release);
    return done;
  };
}
