/**
 * Where model versions are kept: a version is a folder of files (`model.bst`, `calibration.json`, `features.json`,
 * `card.json`, `card.html`), at most 250 MB together. Aliases (`champion`, `challenger`, `previous`) live in the
 * ledger, not here.
 */
export type ModelStore = {
  versions(): Promise<readonly string[]>;
  /** The bytes of one file of a version, or null if there is no such version or file. */
  read(version: string, file: string): Promise<Uint8Array | null>;
  /** Writes a version atomically: readers see all of it or nothing. Throws if the version exists. */
  publish(version: string, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Deletes a version; a missing one is ignored. Absent if nothing may be deleted. */
  remove?(version: string): Promise<void>;
};

/** Version names become paths and object names, so they are `v` and a number, nothing else. */
export const isModelVersion = (text: string): boolean => /^v[1-9]\d{0,8}$/.test(text);

/** File names of a version: no folders, nothing hidden. */
export const isModelFile = (text: string): boolean => /^[a-z0-9][a-z0-9._-]{0,99}$/i.test(text);

/** The largest version that Vertex AI and a function's memory can take. */
export const MAX_MODEL_BYTES = 250 * 1024 * 1024;

/** Throws an Error that says why a version must not be published. */
export function assertPublishable(version: string, files: ReadonlyMap<string, Uint8Array>): void {
  if (!isModelVersion(version))
    throw new RangeError(`'${version}' is not a model version: expected v1, v2 …`);
  if (files.size === 0) throw new RangeError(`model version ${version} has no files`);
  for (const name of files.keys())
    if (!isModelFile(name)) throw new RangeError(`'${name}' cannot be a file of model version ${version}`);
  const bytes = [...files.values()].reduce((sum, file) => sum + file.byteLength, 0);
  if (bytes > MAX_MODEL_BYTES)
    throw new RangeError(
      `model version ${version} has ${Math.ceil(bytes / 1024 / 1024)} MB, and 250 MB are the most`,
    );
}
