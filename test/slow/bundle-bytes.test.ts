import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleFunctions, manifests } from "@mrdata/functions/bundle";
import { expect, test } from "vitest";
import { bundledArchives } from "../support/bundled.ts";

test("every archive has the same bytes whenever, wherever and beside whichever others it is made", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-bundle-"));
  try {
    const others = manifests.map(({ name }) => name).filter((name) => name !== "receive");
    const alone = await bundleFunctions(folder, ["receive"]);
    const rest = await bundleFunctions(folder, others);
    const hashes = (all: readonly { readonly name: string; readonly hash: string }[]) =>
      new Map(all.map(({ name, hash }) => [name, hash]));
    expect(hashes([...alone, ...rest])).toEqual(hashes(await bundledArchives()));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
