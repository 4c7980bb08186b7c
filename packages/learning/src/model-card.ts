import { z } from "zod";
import type { BacktestFigures } from "./backtest-figures.ts";
import { certificateSchema } from "./certificate.ts";
import { learners } from "./learners.ts";
import { levelsOfPastSchema } from "./levels-of-past.ts";
import { windowRowSchema } from "./window-row.ts";

const column = z.object({ name: z.string(), reason: z.string() });
const rule = z.object({ precision: z.number(), rows: z.number(), missBudget: z.number() });

export const modelCard = z.object({
  schema: z.literal(1),
  /** ISO 8601. */
  trainedAt: z.iso.datetime(),
  /** The hold window that it predicts for, seconds. */
  window: z.number().positive(),
  /** `historical-rate`: nothing was learnt, the alert type's historical rate is used directly. */
  learner: z.enum([...learners, "historical-rate"]),
  /** Hold at this probability or above; null: never, see `remark`. */
  threshold: z.number().min(0).max(1).nullable(),
  rule,
  seed: z.number(),
  /** Its training data: labelled incidents, when the first and the last of them opened, and services. */
  incidents: z.number(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  services: z.number(),
  /**
   * Where only part of a long history was used: how many rows were drawn of how many, and at most how many per service.
   */
  drawn: z.object({ rows: z.number(), of: z.number(), perService: z.number() }).optional(),
  /** A remark for whoever promotes it; null where there is none. */
  remark: z.string().nullable(),
  /** Signs that it is too good to be true: it is not promoted unless somebody confirms that they know. */
  suspicions: z.array(z.string()).readonly().optional(),
  /** Details that it does not use, and those used on request all the same, with what speaks against them. */
  columnsLeftOut: z.array(column).readonly().optional(),
  columnsKept: z.array(column).readonly().optional(),
  /** The threshold's promise, and the past rows behind it; null where nothing is certified, and in old versions. */
  certificate: certificateSchema.nullable().default(null),
  /** The share of real incidents that the threshold delays, recent ones weighing more: an estimate, no certificate. */
  ageWeighted: z.object({ halfLifeDays: z.number(), delayedOfReal: z.number() }).optional(),
  /** How far back the rows of certificates reach, days. */
  certificateDays: z.number().optional(),
  /** The threshold for the alert type's historical rate where no version is champion; null where it may not hold. */
  fallback: z.object({ certificate: certificateSchema }).nullable().default(null),
  /** The organisation's past; missing in versions of earlier programs. */
  levels: levelsOfPastSchema.optional(),
  /** The results for other hold windows, from one replay; missing in versions of earlier programs. */
  windows: z.array(windowRowSchema).readonly().optional(),
  /** The results of a backtest on the same history; the threshold's figures are its own. */
  figures: z.custom<BacktestFigures>(
    (value) => typeof value === "object" && value !== null && "scored" in value && "auc" in value,
    "are not those of a backtest",
  ),
  /** SHA-256 of the version's other files, hexadecimal. */
  files: z.record(z.string(), z.string()),
});

/** Everything about a model version: how it was made, what it can do, and from where on it holds. */
export type ModelCard = z.infer<typeof modelCard>;
