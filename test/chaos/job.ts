import { readBeginning } from "./beginning.ts";
import { breaks } from "./breaks.ts";
import { type Fault, faults } from "./faults.ts";
import type { Judgement } from "./judge.ts";
import { play } from "./play.ts";

/** One run: what crosses to a worker thread. */
export type Job = {
  /** A fault, or a pair of them: `rest-500+bot-restarts`. */
  readonly fault: string;
  readonly incidents: number;
  readonly seed: number;
  readonly http: boolean;
  readonly broken: number | null;
  /** The folder of what it begins with (`beginningOf`). */
  readonly beginning: string;
};

export type Report =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly judgement: Judgement }
  | { readonly kind: "failed"; readonly reason: string };

export async function runJob(job: Job, onProgress: (share: number) => void = () => {}): Promise<Judgement> {
  return play({
    faults: job.fault.split("+").map(faultOf),
    incidents: job.incidents,
    seed: job.seed,
    http: job.http,
    beginning: readBeginning(job.beginning),
    broken: breaks.find(({ invariant }) => invariant === job.broken),
    onProgress,
  });
}

function faultOf(name: string): Fault {
  const fault = faults.find((one) => one.name === name);
  if (fault === undefined) throw new Error(`there is no fault ${name}`);
  return fault;
}
