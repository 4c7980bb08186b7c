import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";

/** The size limit of a version, bytes. */
export const MAX_MODEL_BYTES = 250_000_000;

/** The folder cannot be uploaded as a model version; the message says why, for people. */
export class ModelFolderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ModelFolderError";
  }
}

export type ModelFolder = {
  /** Paths below the folder, with slashes, in order. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** SHA-256 of names and bytes, hexadecimal. */
  readonly content: string;
};

/** Validates a model version's folder before anything is uploaded. Throws ModelFolderError. */
export function readModelFolder(folder: string, maxBytes = MAX_MODEL_BYTES): ModelFolder {
  let files: readonly string[];
  try {
    files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length))
      .map((file) => file.split(sep).join("/"))
      .sort();
  } catch {
    throw new ModelFolderError(`the model folder ${folder} is not there`);
  }
  for (const needed of ["card.json", "model.bst"])
    if (!files.includes(needed))
      throw new ModelFolderError(
        `the model folder ${folder} has no ${needed}; 'mrdata train --out FOLDER' writes a whole one`,
      );
  const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  if (bytes > maxBytes)
    throw new ModelFolderError(
      `the model folder ${folder} has ${Math.ceil(bytes / 1e6)} MB, and a version may have ${Math.floor(maxBytes / 1e6)} MB at most`,
    );
  const hash = createHash("sha256");
  for (const file of files) {
    const content = readFileSync(join(folder, file));
    hash.update(`${file}\n${content.byteLength}\n`).update(content);
  }
  return { files, bytes, content: hash.digest("hex") };
}
