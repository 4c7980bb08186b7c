import { z } from "zod";
import type { ModelManifest } from "./model-manifest.ts";

const schema: z.ZodType<ModelManifest> = z.object({
  publication: z.string(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});

/** Throws an Error that names the object if it is not a manifest. */
export function readManifest(text: string, object: string): ModelManifest {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new Error(`${object} is not the manifest of a model version`);
  }
}
