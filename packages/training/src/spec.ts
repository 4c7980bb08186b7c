import { columnWords, FEATURE_SCHEMA, learnerSettings } from "@mrdata/learning";
import { z } from "zod";

/** Goes up when a task's result means something else than before: jobs of other programs are then not gone on with. */
export const TRAINING_SCHEMA = 2;

/** So many incidents a training learns from at most. */
export const MAX_ROWS = 500_000;

/** Strict: what a newer program says and this one does not know would make another version than it meant. */
export const trainingSpec = z.strictObject({
  schema: z.number().int(),
  /** What the columns mean (`FEATURE_SCHEMA`). */
  features: z.number().int(),
  /** When the job was made, milliseconds since the epoch: what was not known by then is not learnt from. */
  now: z.number(),
  windowMs: z.number().positive(),
  refits: z.number().int().positive(),
  seed: z.number().int(),
  trees: z.number().int().positive(),
  rule: z.object({ precision: z.number(), rows: z.number(), missBudget: z.number() }),
  certificate: z.object({ budget: z.number(), delta: z.number(), days: z.number() }),
  /** Details that are looked at whatever speaks against them. */
  keepColumns: z.array(z.string()),
  /** Whether the card tells what other hold windows would come to: that takes a quarter of the time again. */
  windows: z.boolean(),
  maxRows: z.number().int().positive(),
  /** Of a job that goes by itself: what suspicions speak of fails it, and the gate decides. */
  unattended: z.boolean(),
  /** What the learners are made with; as usual if left out. */
  learners: learnerSettings.exactOptional(),
});

/** All that decides what a training makes of a history. Two jobs of one spec and one history make the same version. */
export type TrainingSpec = z.infer<typeof trainingSpec>;

/** What a caller says of a training; the rest is as usual. */
export type SpecInput = Omit<TrainingSpec, "schema" | "features" | "maxRows"> &
  Partial<Pick<TrainingSpec, "maxRows">>;

export const specOf = (input: SpecInput): TrainingSpec => ({
  schema: TRAINING_SCHEMA,
  features: FEATURE_SCHEMA,
  maxRows: MAX_ROWS,
  ...input,
});

/** The options of `packages/learning` that a spec stands for. */
export function learningOptions(spec: TrainingSpec) {
  const kept = new Set(spec.keepColumns.map(columnWords));
  return {
    window: spec.windowMs,
    refits: spec.refits,
    seed: spec.seed,
    trees: spec.trees,
    rule: spec.rule,
    certificate: spec.certificate,
    keeps: (name: string) => kept.has(columnWords(name)),
    now: spec.now,
    windows: spec.windows,
    ...(spec.learners !== undefined && { settings: spec.learners }),
  };
}

/** The training cannot go on, however often it is tried; the message says why, for people. */
export class TrainingFailedError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "TrainingFailedError";
  }
}

/** Throws TrainingFailedError for a job that another version of this program made. */
export function assertOwnSchema({ schema, features }: TrainingSpec): void {
  if (schema !== TRAINING_SCHEMA || features !== FEATURE_SCHEMA)
    throw new TrainingFailedError(
      `the job was made by another version of Mr Data (its tasks ${schema}, its features ${features}; here ${TRAINING_SCHEMA} and ${FEATURE_SCHEMA}): start another one`,
    );
}
