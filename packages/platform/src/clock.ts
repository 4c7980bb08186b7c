/** Every wait and every "now" goes through a clock, so that a simulation can run on its own time. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after the given number of milliseconds of this clock's time; rejects with the signal's reason if it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, milliseconds);
      signal?.addEventListener("abort", stop, { once: true });
    }),
};
