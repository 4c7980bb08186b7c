import { z } from "zod";
import { certificateSchema } from "./certificate.ts";

/** The results for one hold window; shares are of all scored. */
export const windowRowSchema = z.object({
  windowSeconds: z.number(),
  coverage: z.number(),
  pagesSpared: z.number(),
  realDelayed: z.number(),
  /** The promise of a version trained today for it; null where nothing can be certified. */
  certificate: certificateSchema.nullable(),
});
export type WindowRow = z.infer<typeof windowRowSchema>;
