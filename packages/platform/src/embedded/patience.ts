/** SQLITE_BUSY and SQLITE_LOCKED (https://sqlite.org/rescode.html); what else is wrong stands in the higher bits. */
const LOCKED: ReadonlySet<number> = new Set([5, 6]);

/** True if somebody else holds the file's lock just now, another process most likely. */
export function isLocked(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error)) return false;
  return typeof error.errcode === "number" && LOCKED.has(error.errcode & 0xff);
}

/** How often a file that is locked is tried again, milliseconds. */
const TRY_EVERY = 20;
/** Who comes while a lock has lasted for longer than anybody waits still has a few tries, milliseconds. */
const LEAST = 100;

type Waiting = { readonly attempt: () => boolean; readonly giveUp: () => void; readonly until: number };

/** Does work on a file that may be locked; it is tried at once, and again until it is done or patience ends. */
export type Retrying = <T>(work: () => T) => Promise<T>;

/**
 * SQLite's own busy timeout waits by blocking the thread, and with it every request of the process. Here whoever meets a
 * lock waits beside the others, in the order in which they came. A lock that lasts costs all of them together no more than
 * `patience` milliseconds: once it has lasted for longer, each one that comes fails soon, with SQLite's own error.
 */
export function waitingFor(patience: number): Retrying {
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
    setTimeout(pump, TRY_EVERY);
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
      until: Math.max(performance.now() + LEAST, (lockedSince ?? performance.now()) + patience),
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
