import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { messageOf } from "@mrdata/base";
import { type Problems, setWith } from "./problems.ts";

/** A model version on this machine's disk, checked. */
export type LocalVersion = {
  /** `v1`, `v2` …: the folder's name, or `v1` where it has another. */
  readonly version: string;
  readonly folder: string;
  readonly files: readonly string[];
  /** SHA-256 of names and bytes, hexadecimal. */
  readonly content: string;
  /** What the model is called where it is deployed: out of the bytes of its `model.bst`. */
  readonly deployedModelId: string;
  /** How many features the model takes. */
  readonly features: number;
};

/** Reads a version's folder as `respond` will read it; what `respond` or Vertex AI would refuse is a problem here. */
export async function readLocalVersion(
  folder: string,
  windowMs: number,
  problems: Problems,
): Promise<LocalVersion | null> {
  const remedy = `mrdata train writes another, or go without: ${setWith("modelFolder", "''")}`;
  // Loaded only where there is a model: they are most of what a start would wait for.
  const [{ deployedModelIdOf, readModelFolder }, { readVersion }] = await Promise.all([
    import("@mrdata/vertex"),
    import("@mrdata/learning"),
  ]);
  try {
    const { files, content } = readModelFolder(folder);
    const { card, model } = await readVersion(async (name) =>
      files.includes(name) ? readFile(join(folder, name)) : null,
    );
    const name = basename(folder);
    const version = /^v[1-9]\d{0,8}$/.test(name) ? name : "v1";
    if (card.window * 1000 === windowMs) {
      const modelSha256 = createHash("sha256")
        .update(await readFile(join(folder, "model.bst")))
        .digest("hex");
      const deployedModelId = deployedModelIdOf(modelSha256);
      return { version, folder, files, content, deployedModelId, features: model.features };
    }
    problems.add(
      `mrdata:modelFolder: the model version in ${folder} was trained for a hold window of ${card.window / 60}m, and mrdata:window is ${windowMs / 60_000}m: ${setWith("window", `${card.window / 60}m`)}`,
    );
  } catch (error) {
    const reason = messageOf(error);
    problems.add(`mrdata:modelFolder '${folder}' is refused: ${reason}; ${remedy}`);
  }
  return null;
}
