import type { Ledger, TrainingJob } from "@mrdata/platform";
import { type Done, doneOf, historyFilesOf, openTasks, tasksInAll } from "@mrdata/training/standing";

/** A job with its progress. The keys are those of `--json`. */
export type DescribedJob = Omit<TrainingJob, "spec"> & {
  readonly tasksDone: number;
  readonly tasks: number;
  /** Tasks that run or wait for a worker. */
  readonly open: readonly string[];
  /** Tasks that failed and are retried, with the reason. */
  readonly problems: readonly string[];
  /** History files that it imports, with their authors; `incidents` and `refused` are null until a file was read. */
  readonly files: readonly {
    readonly name: string;
    readonly generation: string;
    readonly writtenBy: string | null;
    readonly incidents: number | null;
    readonly refused: string | null;
  }[];
};

export async function describeJob(ledger: Pick<Ledger, "training">, job: TrainingJob): Promise<DescribedJob> {
  const { spec: _, ...rest } = job;
  const done: Done = await doneOf(job.id, ledger);
  const tasks = await ledger.training.tasksOf(job.id);
  return {
    ...rest,
    tasksDone: done.size,
    tasks: tasksInAll(done),
    open: job.state === "running" ? openTasks(done) : [],
    problems: tasks.flatMap(({ name, problem, attempts, outcome }) =>
      problem === null || outcome !== null ? [] : [`${name} failed ${attempts} times: ${problem}`],
    ),
    files: historyFilesOf(done).map(({ name, generation, writtenBy }, i) => {
      const { incidents = null, refused = null } = done.get(`import-${i}`)?.file ?? {};
      return { name, generation, writtenBy, incidents, refused };
    }),
  };
}

/** The result of a history file as a sentence. */
export function fileSentence({
  name,
  generation,
  writtenBy,
  incidents,
  refused,
}: DescribedJob["files"][number]): string {
  const what =
    refused !== null ? `refused: ${refused}` : incidents === null ? "is read" : `${incidents} incidents`;
  return `file ${name}, generation ${generation.slice(0, 20)}, written by ${writtenBy ?? "nobody known"}: ${what}`;
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");

/** The state or result of a job as a sentence. */
export function sentenceOf({ kind, state, version, reason, endedAt }: DescribedJob): string {
  const ended = endedAt === null ? "" : ` on ${day(endedAt)}`;
  if (state === "failed") return `failed${ended}: ${reason ?? "no reason was noted"}`;
  if (state === "waiting") return "waits in line";
  if (state === "running") return "runs";
  if (kind === "tune") return `tuned${ended}: ${reason ?? "nothing was found"}`;
  if (reason === null) return `made ${version} champion${ended}`;
  return `made ${version}${ended}, not champion by itself: ${reason}`;
}
