import type { Job } from "./job.ts";
import type { Judgement } from "./judge.ts";
import { startThread, type Thread } from "./thread.ts";

export const nameOfJob = ({ fault, http }: Job): string => (http ? `${fault} over HTTP` : fault);

/** Threads that play what they are given, each one job after the other. */
export type Crew = {
  /** Waits for a free thread. Rejects, naming the job, when it cannot be played. */
  play(job: Job, onProgress?: (share: number) => void): Promise<Judgement>;
  end(): Promise<void>;
};

export function startCrew(workers: number): Crew {
  const idle: Thread[] = [];
  const waiting: (() => void)[] = [];
  let busy = 0;

  async function played(thread: Thread, job: Job, onProgress: (share: number) => void): Promise<Judgement> {
    try {
      const judgement = await thread.play(job, onProgress);
      idle.push(thread);
      return judgement;
    } catch (error) {
      await thread.end();
      throw new Error(`${nameOfJob(job)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return {
    async play(job, onProgress = () => {}) {
      if (busy >= workers) await new Promise<void>((go) => waiting.push(go));
      else busy++;
      try {
        return await played(idle.pop() ?? startThread(), job, onProgress);
      } finally {
        // Whoever waits takes the place over.
        const next = waiting.shift();
        if (next === undefined) busy--;
        else next();
      }
    },
    async end() {
      await Promise.all(idle.splice(0).map((thread) => thread.end()));
    },
  };
}

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
  const crew = startCrew(workers);
  try {
    await Promise.all(
      jobs.map(async (job) => onDone(job, await crew.play(job, (share) => onProgress(job, share)))),
    );
  } finally {
    await crew.end();
  }
}
