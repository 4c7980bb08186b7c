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
  /** `historical-rate`: nothing was learnt, the alert type's own rate stands as it is. */
  learner: z.enum([...learners, "historical-rate"]),
  /** Hold at this probability or above; null: never, see `remark`. */
  threshold: z.number().min(0).max(1).nullable(),
  rule,
  seed: z.number(),
  /** What it learnt from: incidents with a label, when the first and the last of them opened, and services. */
  incidents: z.number(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  services: z.number(),
  /** Where not all of a long history was learnt from: how many rows were drawn of how many, and of one service at most. */
  drawn: z.object({ rows: z.number(), of: z.number(), perService: z.number() }).optional(),
  /** What whoever promotes it must know; null where there is nothing. */
  remark: z.string().nullable(),
  /** What is too good to be true about it: it is not promoted unless somebody says that they know. */
  suspicions: z.array(z.string()).readonly().optional(),
  /** Details that it does not look at, and those that it was told to look at all the same, with what speaks against them. */
  columnsLeftOut: z.array(column).readonly().optional(),
  columnsKept: z.array(column).readonly().optional(),
  /** What the threshold promises, and by which rows of the past; null where nothing is certified, and in old versions. */
  certificate: certificateSchema.nullable().default(null),
  /** What of the real ones the threshold delays, recent ones weighing more: an estimate, no certificate. */
  ageWeighted: z.object({ halfLifeDays: z.number(), delayedOfReal: z.number() }).optional(),
  /** How far back the rows of certificates reach, days. */
  certificateDays: z.number().optional(),
  /** From where on the alert type's own rate may hold where no version is champion; null where it may not. */
  fallback: z.object({ certificate: certificateSchema }).nullable().default(null),
  /** What it knows of the organisation's past; versions of earlier programs do not say. */
  levels: levelsOfPastSchema.optional(),
  /** What other hold windows would have come to, from one replay; versions of earlier programs do not say. */
  windows: z.array(windowRowSchema).readonly().optional(),
  /** What a backtest on the same history said; the threshold's figures are its own. */
  figures: z.custom<BacktestFigures>(
    (value) => typeof value === "object" && value !== null && "scored" in value && "auc" in value,
    "are not those of a backtest",
  ),
  /** SHA-256 of the version's other files, hexadecimal. */
  files: z.record(z.string(), z.string()),
});

/** What there is to know of a model version: what it was made from, what it can do, and where it holds. */
export type ModelCard = z.infer<typeof modelCard>;
