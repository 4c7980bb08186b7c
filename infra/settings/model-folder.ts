import { existsSync, readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Problems, setWith } from "./problems.ts";

/** One model version on this machine's disk, checked. */
export type LocalVersion = {
  /** `v1`, `v2` … */
  readonly version: string;
  readonly folder: string;
  readonly files: readonly string[];
};

/** What Vertex AI and a function's memory can take of one version, bytes. */
const MOST_BYTES = 250 * 1024 * 1024;

/**
 * The versions in a folder, in order: its subfolders v1, v2 …, or the folder itself as v1 if it has a card. Each is
 * read as `respond` will read it; what `respond` would refuse is a problem here.
 */
export async function readModelFolder(
  folder: string,
  window: number,
  problems: Problems,
): Promise<readonly LocalVersion[]> {
  const mend = `train one with mrdata train, or unset it: ${setWith("modelFolder", "''")}`;
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    problems.add(`mrdata:modelFolder '${folder}' is not there: ${mend}`);
    return [];
  }
  const numbered = readdirSync(folder)
    .filter((name) => /^v[1-9]\d{0,8}$/.test(name))
    .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const found = numbered.map((version) => ({ version, folder: join(folder, version) }));
  const versions = found.length > 0 ? found : [{ version: "v1", folder }];
  return (await Promise.all(versions.map((one) => readOne(one, window, problems, mend)))).flat();
}

async function readOne(
  { version, folder }: { readonly version: string; readonly folder: string },
  window: number,
  problems: Problems,
  mend: string,
): Promise<readonly LocalVersion[]> {
  const files = readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
  const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  if (!files.includes("card.json")) {
    problems.add(`The model version in ${folder} has no card.json: ${mend}`);
    return [];
  }
  if (bytes > MOST_BYTES) {
    problems.add(
      `The model version in ${folder} has ${Math.ceil(bytes / 1024 / 1024)} MB, and 250 MB are the most: ${mend}`,
    );
    return [];
  }
  // Loaded only where there is a model: it is most of what a start would wait for.
  const { readVersion } = await import("@mrdata/learning");
  try {
    const { card } = await readVersion(async (name) =>
      files.includes(name) ? readFile(join(folder, name)) : null,
    );
    if (card.window * 1000 === window) return [{ version, folder, files }];
    problems.add(
      `The model version in ${folder} was trained for a hold window of ${card.window / 60}m, and mrdata:window is ${window / 60_000}m: ${setWith("window", `${card.window / 60}m`)}`,
    );
  } catch (error) {
    problems.add(
      `The model version in ${folder} is refused: ${error instanceof Error ? error.message : "it cannot be read"}: ${mend}`,
    );
  }
  return [];
}
