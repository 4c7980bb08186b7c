import type { Job } from "./job.ts";
import type { Judgement } from "./judge.ts";
import { startThread, type Thread } from "./thread.ts";

export const nameOfJob = ({ fault, http }: Job): string => (http ? `${fault} over HTTP` : fault);

/** Plays all jobs on so many threads, in their order. Rejects, naming the job, when one cannot be played. */
export async function playAll(
  jobs: readonly Job[],
  workers: number,
  {
    onDone,
    onProgress = () => {},
  }: {
    readonly onDone: (job: Job, judgement: Judgement) => void;
    readonly onProgress?: (job: Job, share: number) => void;
  },
): Promise<void> {
  const queue = [...jobs];
  async function drain(): Promise<void> {
    const thread = startThread();
    try {
      for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
        const current = job;
        onDone(current, await playOn(thread, current, (share) => onProgress(current, share)));
      }
    } finally {
      await thread.end();
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, drain));
}

async function playOn(thread: Thread, job: Job, onProgress: (share: number) => void): Promise<Judgement> {
  try {
    return await thread.play(job, onProgress);
  } catch (error) {
    throw new Error(`${nameOfJob(job)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
