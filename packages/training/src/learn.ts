import { messageOf } from "@mrdata/base";
import type { Ledger, TrainingJob } from "@mrdata/platform";
import { z } from "zod";
import { doneAmong, doneOf } from "./done-of.ts";
import { type Done, openedBy, openTasks, type TaskName, type TaskOutcome, tasksInAll } from "./graph.ts";
import type { TaskJob } from "./run-task.ts";
import { assertOwnSchema, TrainingFailedError, trainingSpec } from "./spec.ts";

/** A task that was started this often without ending, or failed this often, fails its job. */
export const MAX_ATTEMPTS = 10;

/** The payload of a message on topic `pd-learn`. */
export const learnMessage = z.object({ job: z.string().min(1), task: z.string().min(1) });
export type LearnMessage = z.infer<typeof learnMessage>;

/** A training event for the log. */
export type LearnEvent =
  | {
      readonly event: "task.done";
      readonly job: string;
      readonly task: string;
      readonly done: number;
      readonly of: number;
    }
  | {
      readonly event: "task.failed";
      readonly job: string;
      readonly task: string;
      readonly attempt: number;
      readonly reason: string;
    }
  | { readonly event: "job.started" | "job.waiting"; readonly job: string }
  | {
      readonly event: "job.done";
      readonly job: string;
      /** Null for a tuning job. */
      readonly version: string | null;
      readonly reason: string | null;
    }
  | { readonly event: "job.failed"; readonly job: string; readonly reason: string };

export type LearnPorts = {
  readonly ledger: Pick<Ledger, "training">;
  /** Sends a task to any free worker. */
  readonly send: (message: LearnMessage) => Promise<void>;
  /** Runs a task. */
  readonly run: (job: TaskJob, name: TaskName, done: Done) => Promise<TaskOutcome>;
  /** Runs after a tuning job, before it is ended: starts a job that trains a version with its result. May run twice. */
  readonly afterTuning?: (job: string, done: Done) => Promise<void>;
  readonly now: () => number;
  readonly report: (event: LearnEvent) => void;
};

/**
 * Starts a job, or queues it behind the running one, unless that one was abandoned. Idempotent for the same
 * id.
 */
export async function startJob(
  { id, spec }: { readonly id: string; readonly spec: unknown },
  { ledger, send, now, report }: Omit<LearnPorts, "run">,
): Promise<TrainingJob> {
  await endAbandoned({ ledger, send, now, report });
  const tunes = (await ledger.training.tasksOf(id)).some(({ name }) => name === "tune");
  const kind = tunes ? "tune" : "train";
  const job = await ledger.training.startJob({ id, kind, spec: trainingSpec.parse(spec) }, now());
  report({ event: job.state === "running" ? "job.started" : "job.waiting", job: id });
  if (job.state === "running") await begin(id, { ledger, send, now });
  else if (job.state === "waiting") await beginUnsent({ ledger, send, now });
  return job;
}

/** Fails and reports a running job without activity for a day, and starts the next one in the queue. */
export async function endAbandoned({
  ledger,
  send,
  now,
  report,
}: Pick<LearnPorts, "ledger" | "send" | "now" | "report">): Promise<void> {
  const ended = await ledger.training.endAbandoned(now());
  if (ended === null) return;
  const { failed, next } = ended;
  if (failed !== null)
    report({ event: "job.failed", job: failed.id, reason: failed.reason ?? "it was left behind" });
  if (next === null) return;
  report({ event: "job.started", job: next.id });
  await begin(next.id, { ledger, send, now });
}

/** The starter of the running job may have died before sending its first tasks; nobody else would send them. */
async function beginUnsent(ports: Pick<LearnPorts, "ledger" | "send" | "now">): Promise<void> {
  const { running } = await ports.ledger.training.state();
  if (running === null) return;
  const tasks = await ports.ledger.training.tasksOf(running);
  if (tasks.every(({ attempts }) => attempts === 0)) await begin(running, ports);
}

/** Sends the first tasks of a running job. */
async function begin(
  job: string,
  { ledger, send, now }: Pick<LearnPorts, "ledger" | "send" | "now">,
): Promise<void> {
  for (const task of openTasks(await doneOf(job, ledger))) {
    await send({ job, task });
    await ledger.training.openTask(job, task, now());
  }
}

/**
 * Runs one task of a job and sends the tasks that it opens. The job survives duplicate and late deliveries and workers that
 * die: a result is stored once, and a repeated delivery of a finished task sends its successors again. Rejects if the
 * task is to be retried.
 */
export async function learn({ job, task }: LearnMessage, ports: LearnPorts): Promise<void> {
  const { ledger, now, report } = ports;
  const there = await ledger.training.job(job);
  // An ended job needs no more tasks, and a queued one has none yet.
  if (there === null || there.state !== "running") return beginNext(job, ports);
  try {
    const spec = specIn(there.spec);
    const begun = await ledger.training.beginTask(job, task, now());
    if (begun.outcome === null) {
      if (begun.attempts > MAX_ATTEMPTS)
        throw new TrainingFailedError(
          `task '${task}' was begun ${MAX_ATTEMPTS} times and never ended${begun.problem === null ? ": it may need more time or memory than a function has" : `: ${begun.problem}`}`,
        );
      const outcome = await attempt({ job, spec }, { task, attempts: begun.attempts }, ports);
      await ledger.training.endTask(job, task, stored(outcome), now());
    }
    await sendSuccessors(job, task, ports);
  } catch (error) {
    if (!(error instanceof TrainingFailedError)) throw error;
    report({ event: "job.failed", job, reason: error.message });
    await end(job, { state: "failed", reason: error.message, version: null }, ports);
  }
}

/** The worker that ended a job may have died before starting the next one. */
async function beginNext(ended: string, ports: LearnPorts): Promise<void> {
  const { running } = await ports.ledger.training.state();
  if (running !== ended) await beginUnsent(ports);
}

function specIn(spec: unknown) {
  const read = trainingSpec.safeParse(spec);
  if (!read.success)
    throw new TrainingFailedError(
      "the job was made by another version of Mr Data and cannot be read: start another one",
    );
  assertOwnSchema(read.data);
  return read.data;
}

async function attempt(
  job: TaskJob,
  { task, attempts }: { readonly task: TaskName; readonly attempts: number },
  { ledger, run, report }: LearnPorts,
): Promise<TaskOutcome> {
  try {
    return await run(job, task, await doneOf(job.job, ledger));
  } catch (error) {
    if (error instanceof TrainingFailedError) throw error;
    const reason = messageOf(error);
    report({ event: "task.failed", job: job.job, task, attempt: attempts, reason });
    if (attempts >= MAX_ATTEMPTS)
      throw new TrainingFailedError(
        `task '${task}' failed ${MAX_ATTEMPTS} times, the last time with: ${reason}`,
      );
    await ledger.training.noteProblem(job.job, task, reason);
    throw error;
  }
}

const stored = ({
  result,
  file,
  trial,
  more,
  partitions,
  blocks,
  windows,
  version,
  fallback,
  reason,
}: TaskOutcome) => ({
  result,
  ...(file !== undefined && { file }),
  ...(trial !== undefined && { trial }),
  ...(more !== undefined && { more }),
  ...(partitions !== undefined && { partitions }),
  ...(blocks !== undefined && { blocks }),
  ...(windows !== undefined && { windows }),
  ...(version !== undefined && { version }),
  ...(fallback !== undefined && { fallback }),
  ...(reason !== undefined && { reason }),
});

async function sendSuccessors(job: string, task: TaskName, ports: LearnPorts): Promise<void> {
  const { ledger, send, now, report } = ports;
  const tasks = await ledger.training.tasksOf(job);
  const done = doneAmong(tasks);
  report({ event: "task.done", job, task, done: done.size, of: tasksInAll(done) });
  const sent = new Set(tasks.map(({ name }) => name));
  for (const next of openedBy(task, done)) {
    if (sent.has(next)) continue;
    // Recorded after sending: a crash between the two means that it is sent twice, never lost.
    await send({ job, task: next });
    await ledger.training.openTask(job, next, now());
  }
  if (openTasks(done).length > 0) return;
  const tuned = done.get("tuned");
  if (tuned !== undefined) await ports.afterTuning?.(job, done);
  const { version = null, reason = null } = tuned ?? done.get("publish") ?? {};
  if (version === null && tuned === undefined) throw new Error("the job ended without a version");
  report({ event: "job.done", job, version, reason });
  await end(job, { state: "done", reason, version }, ports);
}

async function end(
  job: string,
  how: { readonly state: "done" | "failed"; readonly reason: string | null; readonly version: string | null },
  { ledger, send, now, report }: LearnPorts,
): Promise<void> {
  const next = await ledger.training.endJob(job, how, now());
  if (next === null) return;
  report({ event: "job.started", job: next.id });
  await begin(next.id, { ledger, send, now });
}
