import { columnWords, FEATURE_SCHEMA, learnerSettings } from "@mrdata/learning";
import { z } from "zod";

/** Incremented when a task's result changes its meaning: jobs of other versions are then not continued. */
export const TRAINING_SCHEMA = 2;

/** The most incidents that a training learns from. */
export const MAX_ROWS = 500_000;

/** Strict: ignoring an unknown field of a newer version would train a different model than it meant. */
export const trainingSpec = z.strictObject({
  schema: z.number().int(),
  /** What the columns mean (`FEATURE_SCHEMA`). */
  features: z.number().int(),
  /** When the job was created, milliseconds since the epoch: anything that became known later is not learnt from. */
  now: z.number(),
  windowMs: z.number().positive(),
  refits: z.number().int().positive(),
  seed: z.number().int(),
  trees: z.number().int().positive(),
  rule: z.object({ precision: z.number(), rows: z.number(), missBudget: z.number() }),
  certificate: z.object({ budget: z.number(), delta: z.number(), days: z.number() }),
  /** Details that are used whatever speaks against them. */
  keepColumns: z.array(z.string()),
  /** Whether the card compares other hold windows, which takes a quarter more time. */
  windows: z.boolean(),
  maxRows: z.number().int().positive(),
  /** An unattended job: suspicions fail it, and the gate decides on promotion. */
  unattended: z.boolean(),
  /** The learners' settings; defaults if absent. */
  learners: learnerSettings.exactOptional(),
});

/** Everything besides the history that determines a training. Two jobs with equal spec and history make the same version. */
export type TrainingSpec = z.infer<typeof trainingSpec>;

/** The fields that a caller gives; the rest has defaults. */
export type SpecInput = Omit<TrainingSpec, "schema" | "features" | "maxRows"> &
  Partial<Pick<TrainingSpec, "maxRows">>;

export const specOf = (input: SpecInput): TrainingSpec => ({
  schema: TRAINING_SCHEMA,
  features: FEATURE_SCHEMA,
  maxRows: MAX_ROWS,
  ...input,
});

/** A spec as the options of `packages/learning`. */
export function learningOptions(spec: TrainingSpec) {
  const kept = new Set(spec.keepColumns.map(columnWords));
  return {
    windowMs: spec.windowMs,
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

/** A permanent failure of the training; the message says why, for people. */
export class TrainingFailedError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "TrainingFailedError";
  }
}

/** Throws TrainingFailedError for a job of another version of this program. */
export function assertOwnSchema({ schema, features }: TrainingSpec): void {
  if (schema !== TRAINING_SCHEMA || features !== FEATURE_SCHEMA)
    throw new TrainingFailedError(
      `the job was made by another version of Mr Data (its tasks ${schema}, its features ${features}; here ${TRAINING_SCHEMA} and ${FEATURE_SCHEMA}): start another one`,
    );
}
