import { z } from "zod";
import { certificateSchema } from "./certificate.ts";

/** What one hold window would have come to; shares are of all scored. */
export const windowRowSchema = z.object({
  windowSeconds: z.number(),
  coverage: z.number(),
  pagesSpared: z.number(),
  realDelayed: z.number(),
  /** What a version of today would promise for it; null where nothing can be certified. */
  certificate: certificateSchema.nullable(),
});
export type WindowRow = z.infer<typeof windowRowSchema>;
