import { breaks } from "./breaks.ts";
import { faults } from "./faults.ts";
import type { Judgement } from "./judge.ts";
import { play } from "./play.ts";
import type { VersionFiles } from "./switches.ts";

/** One run: what crosses to a worker thread. */
export type Job = {
  readonly fault: string;
  readonly incidents: number;
  readonly seed: number;
  readonly http: boolean;
  readonly broken: number | null;
  readonly version: VersionFiles;
};

export type Report =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly judgement: Judgement }
  | { readonly kind: "failed"; readonly reason: string };

export async function runJob(job: Job, onProgress: (share: number) => void = () => {}): Promise<Judgement> {
  const fault = faults.find(({ name }) => name === job.fault);
  if (fault === undefined) throw new Error(`there is no fault ${job.fault}`);
  return play({
    fault,
    incidents: job.incidents,
    seed: job.seed,
    http: job.http,
    version: job.version,
    broken: breaks.find(({ invariant }) => invariant === job.broken),
    onProgress,
  });
}
