import { createHash, randomUUID } from "node:crypto";

/** What a model version consists of. Written last, it is what makes the version exist. */
export type ModelManifest = {
  /** One publication, so that a publisher who hears no answer can tell its own from another's. */
  readonly publication: string;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
};

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

/** Whether the bytes are those that were published under this name. */
export function isIntact(manifest: ModelManifest, name: string, bytes: Uint8Array): boolean {
  const mark = manifest.files[name];
  return mark !== undefined && mark.bytes === bytes.byteLength && mark.sha256 === markOf(bytes).sha256;
}

const markOf = (bytes: Uint8Array) => ({
  bytes: bytes.byteLength,
  sha256: createHash("sha256").update(bytes).digest("hex"),
});
