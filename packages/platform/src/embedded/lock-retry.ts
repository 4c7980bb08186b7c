/** SQLITE_BUSY and SQLITE_LOCKED (https://sqlite.org/rescode.html); the higher bits hold details. */
const LOCKED: ReadonlySet<number> = new Set([5, 6]);

/** True if another connection, most likely of another process, holds the file's lock. */
export function isLocked(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error)) return false;
  return typeof error.errcode === "number" && LOCKED.has(error.errcode & 0xff);
}

/** How often work on a locked file is retried. */
const RETRY_INTERVAL_MS = 20;
/** Even if a lock has already lasted longer than the timeout, new work gets a few tries. */
const MIN_WAIT_MS = 100;

type Waiting = { readonly attempt: () => boolean; readonly giveUp: () => void; readonly until: number };

/** Runs work on a file that may be locked; it is retried until it succeeds or the timeout is reached. */
export type Retrying = <T>(work: () => T) => Promise<T>;

/**
 * SQLite's own busy timeout blocks the thread, and with it every request of the process. Here work that meets a
 * lock waits in a queue, first come first served. A lasting lock delays all of them together by no more than
 * `timeoutMs`: once it has lasted longer, new work fails soon, with SQLite's own error.
 */
export function retryWhileLocked(timeoutMs: number): Retrying {
  const queue: Waiting[] = [];
  let lockedSince: number | null = null;
  let pumping = false;

  const pump = (): void => {
    pumping = false;
    while (queue[0]?.attempt()) queue.shift();
    const now = performance.now();
    while (queue[0] !== undefined && queue[0].until <= now) queue.shift()?.giveUp();
    if (queue.length > 0) pumpLater();
  };

  const pumpLater = (): void => {
    pumping = true;
    setTimeout(pump, RETRY_INTERVAL_MS);
  };

  return async (work) => {
    if (queue.length === 0) {
      try {
        const done = work();
        lockedSince = null;
        return done;
      } catch (error) {
        if (!isLocked(error)) throw error;
        lockedSince ??= performance.now();
      }
    }
    const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof work>>();
    let last: unknown = new Error("database is locked");
    queue.push({
      until: Math.max(performance.now() + MIN_WAIT_MS, (lockedSince ?? performance.now()) + timeoutMs),
      giveUp: () => reject(last),
      attempt() {
        try {
          resolve(work());
          lockedSince = null;
          return true;
        } catch (error) {
          if (!isLocked(error)) {
            reject(error);
            return true;
          }
          last = error;
          return false;
        }
      },
    });
    if (!pumping) pumpLater();
    return promise;
  };
}
