import { z } from "zod";
import type { DocumentData, DocumentStore, DocumentTransaction } from "../document-store.ts";
import { DocumentExistsError } from "../document-store.ts";
import { decode } from "./decode.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";

/** Data of a job or a task that the ledger only stores; its creator reads it. */
const opaqueData = z.custom<DocumentData>((value) => typeof value === "object" && value !== null);

const jobDocument = z.object({
  id: z.string(),
  kind: z.enum(["train", "tune"]),
  state: z.enum(["waiting", "running", "done", "failed"]),
  spec: opaqueData,
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Why it failed, or why its version is not champion, for people. */
  reason: z.string().nullable(),
  /** The model version that it produced. */
  version: z.string().nullable(),
});
/** A training job, from the moment it was requested. */
export type TrainingJob = z.infer<typeof jobDocument>;

const taskDocument = z.object({
  job: z.string(),
  name: z.string(),
  /** How often it was started. */
  attempts: z.number().int(),
  openedAt: z.number(),
  beganAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Its result; null while it is not done. */
  outcome: opaqueData.nullable(),
  /** Why its last attempt failed. */
  problem: z.string().nullable(),
});
export type TrainingTask = z.infer<typeof taskDocument>;

const learningDocument = z.object({
  /** The running job; others are queued. */
  running: z.string().nullable(),
  waiting: z.array(z.string()),
  /** While this is set, nothing is promoted automatically. */
  paused: z.object({ at: z.number(), why: z.string() }).nullable(),
  /** Like `uncertifiedBy`, from an earlier version that did not record the question; no longer written. */
  uncertified: z.object({ at: z.number(), real: z.number() }).nullable(),
  /** For each question, the last version that failed to get a certificate and how many real incidents it could be certified on. */
  uncertifiedBy: z
    .array(
      z.object({
        job: z.string(),
        /** The cut-off of its training data, milliseconds since the epoch. */
        at: z.number(),
        real: z.number(),
        budget: z.number(),
        delta: z.number(),
        days: z.number(),
        windowMs: z.number(),
      }),
    )
    .default([]),
  /** The generations of history files that a person has approved. */
  accepted: z
    .array(z.object({ name: z.string(), generation: z.string(), at: z.number(), by: z.string() }))
    .default([]),
  /** The job that last imported history files, and the generations that earlier jobs rejected permanently. */
  importedBy: z.string().nullable().default(null),
  refused: z.array(z.object({ name: z.string(), generation: z.string() })).default([]),
  /** The learners' settings, since a version with them passed the gate; null means the program's defaults. */
  learners: opaqueData.nullable().default(null),
  /** Drifts found, each with when it was last reported. */
  drifted: z.record(z.string(), z.object({ at: z.number(), sentence: z.string() })).default({}),
});
export type LearningState = z.infer<typeof learningDocument>;

export const nothingLearnt: LearningState = {
  running: null,
  waiting: [],
  paused: null,
  uncertified: null,
  uncertifiedBy: [],
  accepted: [],
  importedBy: null,
  refused: [],
  learners: null,
  drifted: {},
};

export type JobEnd = Pick<TrainingJob, "reason" | "version"> & { readonly state: "done" | "failed" };

export type Training = {
  /** Starts a job, or queues it behind the running one. */
  startJob(job: Pick<TrainingJob, "id" | "kind" | "spec">, at: number): Promise<TrainingJob>;
  job(id: string): Promise<TrainingJob | null>;
  /** Newest first. */
  jobs(options: { readonly limit: number }): Promise<readonly TrainingJob[]>;
  /** Ends a running job, once; returns the next one to run, if any is queued. */
  endJob(id: string, end: JobEnd, at: number): Promise<TrainingJob | null>;
  /**
   * Fails the running job if it has shown no activity for a day, and lets the next one in the queue take its place. The caller has to
   * start that one and to report the failed one (null if it had already ended). Null if no job was abandoned.
   */
  endAbandoned(
    at: number,
  ): Promise<{ readonly failed: TrainingJob | null; readonly next: TrainingJob | null } | null>;
  tasksOf(job: string): Promise<readonly TrainingTask[]>;
  /** Records that a task may be started. False if that was already recorded. */
  openTask(job: string, name: string, at: number): Promise<boolean>;
  /** Records another attempt, unless the task is done. */
  beginTask(job: string, name: string, at: number): Promise<TrainingTask>;
  /** Records its result. The first result is kept. */
  endTask(job: string, name: string, outcome: DocumentData, at: number): Promise<void>;
  noteProblem(job: string, name: string, problem: string): Promise<void>;
  state(): Promise<LearningState>;
  changeState(change: (state: LearningState) => LearningState): Promise<LearningState>;
};

/** A job counts as abandoned if none of its tasks was started or ended for this long, milliseconds. */
export const LEFT_BEHIND_MS = 86_400_000;

const LEFT_BEHIND = "none of its tasks was begun or ended for a day: it was left behind";

/** The state of learning, read from a store or in a transaction. */
export async function learningIn(reader: Pick<DocumentStore, "get">): Promise<LearningState> {
  const document = await reader.get(paths.learning);
  return document === null ? nothingLearnt : decode(learningDocument, document);
}

export function trainingIn(store: DocumentStore): Training {
  const stateIn = learningIn;
  const jobIn = async (reader: Pick<DocumentStore, "get">, id: string): Promise<TrainingJob | null> => {
    const document = await reader.get(paths.job(id));
    return document === null ? null : decode(jobDocument, document);
  };
  const tasksOf = async (job: string): Promise<readonly TrainingTask[]> =>
    (await store.query(queryOf("tasksOfJob", paths.tasks, [job]))).map((one) => decode(taskDocument, one));
  const changeTask = (job: string, name: string, change: (task: TrainingTask) => TrainingTask) =>
    store.transaction(async (transaction) => {
      const path = paths.task(job, name);
      const document = await transaction.get(path);
      const task = document === null ? newTask(job, name, 0) : decode(taskDocument, document);
      const changed = change(task);
      if (changed !== task) transaction.set(path, changed);
      return changed;
    });

  /** Whether the running job has stalled. Read outside a transaction, because it has many tasks. */
  async function isLeftBehind(running: string, at: number): Promise<boolean> {
    const job = await jobIn(store, running);
    if (job === null || job.state !== "running") return true;
    const tasks = await tasksOf(running);
    const times = [
      job.startedAt ?? job.createdAt,
      ...tasks.flatMap(({ openedAt, beganAt, endedAt }) => [
        openedAt,
        beganAt ?? openedAt,
        endedAt ?? openedAt,
      ]),
    ];
    // Clocks of several machines differ a little. A time more than a day ahead comes from a wrong clock, and the job would
    // block the queue until then.
    return !times.some((time) => Math.abs(at - time) <= LEFT_BEHIND_MS);
  }

  return {
    startJob: ({ id, kind, spec }, at) =>
      store.transaction(async (transaction) => {
        const state = await stateIn(transaction);
        const there = await jobIn(transaction, id);
        if (there !== null) return there;
        const starts = state.running === null;
        const job: TrainingJob = {
          id,
          kind,
          spec,
          state: starts ? "running" : "waiting",
          createdAt: at,
          startedAt: starts ? at : null,
          endedAt: null,
          reason: null,
          version: null,
        };
        transaction.set(paths.job(id), job);
        transaction.set(paths.learning, {
          ...state,
          ...(starts ? { running: id } : { waiting: [...state.waiting, id] }),
        });
        return job;
      }),
    async endAbandoned(at) {
      const { running } = await stateIn(store);
      if (running === null || !(await isLeftBehind(running, at))) return null;
      return store.transaction(async (transaction) => {
        const state = await stateIn(transaction);
        if (state.running !== running) return null;
        const job = await jobIn(transaction, running);
        const next = await nextInLine(transaction, state);
        const failed: TrainingJob | null =
          job?.state === "done" || job?.state === "failed"
            ? null
            : { ...(job ?? lostJob(running, at)), state: "failed", endedAt: at, reason: LEFT_BEHIND };
        const begun = next.job === null ? null : { ...next.job, startedAt: at };
        if (failed !== null) transaction.set(paths.job(running), failed);
        if (begun !== null) transaction.set(paths.job(begun.id), begun);
        transaction.set(paths.learning, { ...state, running: begun?.id ?? null, waiting: next.waiting });
        return { failed, next: begun };
      });
    },
    job: (id) => jobIn(store, id),
    async jobs({ limit }) {
      const documents = await store.query(queryOf("jobsLately", paths.jobs, [0], limit));
      return documents.map((one) => decode(jobDocument, one));
    },
    endJob: (id, end, at) =>
      store.transaction(async (transaction) => {
        const state = await stateIn(transaction);
        const job = await jobIn(transaction, id);
        if (job === null || job.state !== "running") return null;
        const next = await nextInLine(transaction, state);
        transaction.set(paths.job(id), { ...job, ...end, endedAt: at });
        if (next.job !== null) transaction.set(paths.job(next.job.id), { ...next.job, startedAt: at });
        transaction.set(paths.learning, {
          ...state,
          running: next.job?.id ?? null,
          waiting: next.waiting,
        });
        return next.job === null ? null : { ...next.job, startedAt: at };
      }),
    tasksOf,
    async openTask(job, name, at) {
      try {
        await store.create(paths.task(job, name), newTask(job, name, at));
        return true;
      } catch (error) {
        if (error instanceof DocumentExistsError) return false;
        throw error;
      }
    },
    beginTask: (job, name, at) =>
      changeTask(job, name, (task) =>
        task.outcome === null ? { ...task, attempts: task.attempts + 1, beganAt: at } : task,
      ),
    async endTask(job, name, outcome, at) {
      await changeTask(job, name, (task) =>
        task.outcome === null ? { ...task, outcome, endedAt: at, problem: null } : task,
      );
    },
    async noteProblem(job, name, problem) {
      await changeTask(job, name, (task) => ({ ...task, problem }));
    },
    state: () => stateIn(store),
    changeState: (change) =>
      store.transaction(async (transaction) => {
        const changed = change(await stateIn(transaction));
        transaction.set(paths.learning, changed);
        return changed;
      }),
  };

  async function nextInLine(transaction: DocumentTransaction, { waiting }: LearningState) {
    for (const [i, id] of waiting.entries()) {
      const job = await jobIn(transaction, id);
      if (job?.state !== "waiting") continue;
      const state: TrainingJob["state"] = "running";
      return { job: { ...job, state }, waiting: waiting.slice(i + 1) };
    }
    return { job: null, waiting: [] };
  }
}

/** Stands for a job that is marked as running but has no document. */
const lostJob = (id: string, at: number): TrainingJob => ({
  id,
  kind: "train",
  state: "running",
  spec: {},
  createdAt: at,
  startedAt: null,
  endedAt: null,
  reason: null,
  version: null,
});

const newTask = (job: string, name: string, openedAt: number): TrainingTask => ({
  job,
  name,
  attempts: 0,
  openedAt,
  beganAt: null,
  endedAt: null,
  outcome: null,
  problem: null,
});
