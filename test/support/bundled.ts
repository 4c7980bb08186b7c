import { createHash } from "node:crypto";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { archives, homeOf } from "../../infra/kept-archives.ts";
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
 * The folder of every deployed function's archive, by name, outside of the project, as the platform has it: nothing that
 * was left out of an archive is found beside it. Whoever tests the bundling itself calls `bundleFunctions`.
 */
export async function bundledFunctions(): Promise<ReadonlyMap<string, string>> {
  await bundledBefore();
  const all = await archives();
  const folder = await madeOnce("functions", [import.meta.filename], async (half) => {
    for (const one of all) cpSync(homeOf(one), join(half, one.name), { recursive: true });
  });
  return new Map(all.map(({ name }) => [name, join(folder, name)]));
}
