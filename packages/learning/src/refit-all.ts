import { Worker } from "node:worker_threads";
import { type RefitAnswers, type RefitJob, refit } from "./refit.ts";

/**
 * Runs all refits, in this many threads, or in this one for 0. None depends on another's answers, so the order of
 * completion does not matter. `progress` is called with the number done.
 */
export async function refitAll(
  jobs: readonly RefitJob[],
  workers: number,
  progress: (done: number, of: number) => void,
): Promise<readonly RefitAnswers[]> {
  const answers = new Map<number, RefitAnswers>();
  const take = (place: number, one: RefitAnswers) => {
    answers.set(place, one);
    progress(answers.size, jobs.length);
  };
  if (workers === 0) for (const [place, job] of jobs.entries()) take(place, await refit(job));
  else {
    const shares = Array.from({ length: workers }, (_, w) =>
      // Later blocks train on more: dealt out in turn, every thread gets long and short ones.
      [...jobs.entries()].filter(([place]) => place % workers === w),
    );
    await Promise.all(shares.filter((share) => share.length > 0).map((share) => refitAway(share, take)));
  }
  return jobs.map((_, place) => {
    const one = answers.get(place);
    if (one === undefined) throw new Error(`refit ${place + 1} of ${jobs.length} gave no answers`);
    return one;
  });
}

function refitAway(
  share: readonly (readonly [place: number, job: RefitJob])[],
  take: (place: number, one: RefitAnswers) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./refit-worker.ts", import.meta.url), { workerData: share });
    worker.on("message", ([place, one]: readonly [number, RefitAnswers]) => take(place, one));
    worker.once("error", reject);
    worker.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`a worker ended with ${code} before it had done its refits`)),
    );
  });
}
