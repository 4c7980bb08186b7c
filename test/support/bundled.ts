import { createHash } from "node:crypto";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { archives, homeOf, type KeptArchive } from "../../infra/kept-archives.ts";
import { madeOnce } from "./made-once.ts";

const here = createHash("sha256")
  .update(import.meta.dirname)
  .digest("hex")
  .slice(0, 8);

let before: Promise<string> | undefined;

/**
 * Has the Pulumi program's archives bundled, once for the same sources: several at once would each do it, and esbuild
 * takes seconds of all cores for it.
 */
export async function bundledBefore(): Promise<void> {
  before ??= madeOnce(`bundled-${here}`, [], async () => void (await archives()));
  await before;
}

/**
 * The archive of every deployed function, outside of the project, as the platform has it: nothing that was left out of an
 * archive is found beside it. Whoever tests the bundling itself calls `bundleFunctions`.
 */
export async function bundledArchives(): Promise<readonly (KeptArchive & { readonly folder: string })[]> {
  await bundledBefore();
  const all = await archives();
  const folder = await madeOnce("functions", [import.meta.filename], async (half) => {
    for (const one of all) cpSync(homeOf(one), join(half, one.name), { recursive: true });
  });
  return all.map((one) => ({ ...one, folder: join(folder, one.name) }));
}

/** Their folders, by the functions' names. */
export const bundledFunctions = async (): Promise<ReadonlyMap<string, string>> =>
  new Map((await bundledArchives()).map(({ name, folder }) => [name, folder]));
