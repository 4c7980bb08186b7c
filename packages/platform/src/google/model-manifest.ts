import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";

const schema = z.object({
  /** One publication, so that a publisher who hears no answer can tell its own from another's. */
  publication: z.string(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});

/** What a model version consists of. Written last, it is what makes the version exist. */
export type ModelManifest = z.infer<typeof schema>;

/** Written last: a version without it is still being written, or never was to the end, and readers do not see it. */
export const COMPLETE = ".complete";

/** `publication` names this attempt: by chance, or by the content where the same attempt is made again and again. */
export const manifestOf = (
  files: ReadonlyMap<string, Uint8Array>,
  publication: string = randomUUID(),
): ModelManifest => ({
  publication,
  files: Object.fromEntries([...files].map(([name, bytes]) => [name, markOf(bytes)])),
});

export const writeManifest = (manifest: ModelManifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** Throws an Error that names the object if it is not a manifest. */
export function readManifest(text: string, object: string): ModelManifest {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new Error(`${object} is not the manifest of a model version`);
  }
}

/** Whether the bytes are those that were published under this name. */
export function isIntact(manifest: ModelManifest, name: string, bytes: Uint8Array): boolean {
  const mark = manifest.files[name];
  return mark !== undefined && mark.bytes === bytes.byteLength && mark.sha256 === markOf(bytes).sha256;
}

const markOf = (bytes: Uint8Array) => ({
  bytes: bytes.byteLength,
  sha256: createHash("sha256").update(bytes).digest("hex"),
});
