/** Runs work of one lane one after the other, of different lanes side by side. */
export type Lanes = <T>(lane: string, work: () => Promise<T>) => Promise<T>;

/**
 * Within one process, transactions that would meet on one document wait for each other here, in memory. In the
 * database each meeting costs a lock, an abort and a retry after a second or more
 * (https://cloud.google.com/firestore/docs/transaction-data-contention); a storm would be nothing but meetings.
 */
export function createLanes(): Lanes {
  const ends = new Map<string, Promise<unknown>>();
  return (lane, work) => {
    const before = ends.get(lane) ?? Promise.resolve();
    const done = before.then(work, work);
    ends.set(lane, done);
    const leave = () => {
      if (ends.get(lane) === done) ends.delete(lane);
    };
    done.then(leave, leave);
    return done;
  };
}
