import { createHash, randomUUID } from "node:crypto";

/** Lists the files of a model version. Written last: it makes the version exist. */
export type ModelManifest = {
  /** Identifies one publication, so that a publisher whose answer was lost can tell its own work from another's. */
  readonly publication: string;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
};

/** Written last: a version without it is incomplete, and readers do not see it. */
export const COMPLETE = ".complete";

/** `publication` identifies the attempt: a random id, or a hash of the content if the same attempt may be repeated. */
export const manifestOf = (
  files: ReadonlyMap<string, Uint8Array>,
  publication: string = randomUUID(),
): ModelManifest => ({
  publication,
  files: Object.fromEntries([...files].map(([name, bytes]) => [name, markOf(bytes)])),
});

export const writeManifest = (manifest: ModelManifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** Whether the bytes are those published under this name. */
export function isIntact(manifest: ModelManifest, name: string, bytes: Uint8Array): boolean {
  const mark = manifest.files[name];
  return mark !== undefined && mark.bytes === bytes.byteLength && mark.sha256 === markOf(bytes).sha256;
}

const markOf = (bytes: Uint8Array) => ({
  bytes: bytes.byteLength,
  sha256: createHash("sha256").update(bytes).digest("hex"),
});
