import { z } from "zod";
import type { DocumentData, DocumentStore, DocumentTransaction } from "../document-store.ts";
import { DocumentExistsError } from "../document-store.ts";
import { decode } from "./decode.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";

/** What a job or a task is told beyond what the ledger itself has to know: whoever makes it reads it. */
const told = z.custom<DocumentData>((value) => typeof value === "object" && value !== null);

const jobDocument = z.object({
  id: z.string(),
  kind: z.enum(["train", "tune"]),
  state: z.enum(["waiting", "running", "done", "failed"]),
  spec: told,
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Why it failed, or why what it made is not champion, for people. */
  reason: z.string().nullable(),
  /** The model version that it made. */
  version: z.string().nullable(),
});
/** A training, from when it was asked for. */
export type TrainingJob = z.infer<typeof jobDocument>;

const taskDocument = z.object({
  job: z.string(),
  name: z.string(),
  /** How often it was begun. */
  attempts: z.number().int(),
  openedAt: z.number(),
  beganAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** What its end told; null while it is not done. */
  outcome: told.nullable(),
  /** Why it failed the last time. */
  problem: z.string().nullable(),
});
export type TrainingTask = z.infer<typeof taskDocument>;

const learningDocument = z.object({
  /** The job that runs; others wait in line. */
  running: z.string().nullable(),
  waiting: z.array(z.string()),
  /** Nothing becomes champion by itself while this is set. */
  paused: z.object({ at: z.number(), why: z.string() }).nullable(),
  /** As `uncertifiedBy`, of an earlier program that did not note what was asked; it is written no more. */
  uncertified: z.object({ at: z.number(), real: z.number() }).nullable(),
  /** For each question the last version that failed for want of a certificate, and how many real incidents it had to certify on. */
  uncertifiedBy: z
    .array(
      z.object({
        job: z.string(),
        /** What was known by then it learnt from, milliseconds since the epoch. */
        at: z.number(),
        real: z.number(),
        budget: z.number(),
        delta: z.number(),
        days: z.number(),
        windowMs: z.number(),
      }),
    )
    .default([]),
  /** The generations of history files that a person answers for. */
  accepted: z
    .array(z.object({ name: z.string(), generation: z.string(), at: z.number(), by: z.string() }))
    .default([]),
  /** The job that imported history files last, and the generations that jobs before it refused for good. */
  importedBy: z.string().nullable().default(null),
  refused: z.array(z.object({ name: z.string(), generation: z.string() })).default([]),
  /** What the learners are made with, since a version with these settings passed the gate; null: as the program has them. */
  learners: told.nullable().default(null),
  /** What was found to be no more as it was, with when that was told last. */
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
  /** Starts a job, or puts it in line behind the one that runs. */
  startJob(job: Pick<TrainingJob, "id" | "kind" | "spec">, at: number): Promise<TrainingJob>;
  job(id: string): Promise<TrainingJob | null>;
  /** The newest first. */
  jobs(options: { readonly limit: number }): Promise<readonly TrainingJob[]>;
  /** Ends a job that runs, once; answers with the one that runs next, if any waits. */
  endJob(id: string, end: JobEnd, at: number): Promise<TrainingJob | null>;
  /**
   * Fails the job that runs where nothing was heard of it for a day, and the next in line takes its place; whoever calls has to begin with
   * that, and to tell of the one that failed (null: it had ended already). Null where none was left behind.
   */
  endLeftBehind(
    at: number,
  ): Promise<{ readonly failed: TrainingJob | null; readonly next: TrainingJob | null } | null>;
  tasksOf(job: string): Promise<readonly TrainingTask[]>;
  /** Notes that a task may be done. False where that was noted before. */
  openTask(job: string, name: string, at: number): Promise<boolean>;
  /** Notes that it is begun once more, unless it is done. */
  beginTask(job: string, name: string, at: number): Promise<TrainingTask>;
  /** Notes what came of it. The first end stands. */
  endTask(job: string, name: string, outcome: DocumentData, at: number): Promise<void>;
  noteProblem(job: string, name: string, problem: string): Promise<void>;
  state(): Promise<LearningState>;
  changeState(change: (state: LearningState) => LearningState): Promise<LearningState>;
};

/** A job is left behind where none of its tasks was begun or ended for so long, milliseconds. */
export const LEFT_BEHIND_MS = 86_400_000;

const LEFT_BEHIND = "none of its tasks was begun or ended for a day: it was left behind";

/** What learning keeps in mind, as a store or a transaction has it. */
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

  /** Whether the job that runs does nothing any more: asked outside of a transaction, for it has many tasks. */
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
    // Clocks of several machines differ a little. A time that is more than a day ahead was told by one that is wrong, and the job would
    // be in everybody's way until then.
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
    async endLeftBehind(at) {
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

/** A job that is said to run and of which nothing is stored. */
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
