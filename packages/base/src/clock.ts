/** Time and waiting, so that tests need not wait. `now`: milliseconds since the epoch. */
export type WaitingClock = {
  now(): number;
  /** Rejects if the signal is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};
