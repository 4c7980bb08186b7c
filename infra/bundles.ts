import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { type Archive, bundleFunctions } from "@mrdata/functions/bundle";
import * as pulumi from "@pulumi/pulumi";

/** The bundled code of one function, as Pulumi uploads it. */
export type FunctionArchive = { readonly hash: string; readonly code: pulumi.asset.AssetArchive };

/** Where bundles are kept, each under its hash: whoever reads one while another is built reads the whole of it. */
const kept = join(import.meta.dirname, "dist/functions");

let bundled: Promise<ReadonlyMap<string, FunctionArchive>> | undefined;

/** Bundles every function of packages/functions from its sources, once a process; by name. */
export function bundleAll(): Promise<ReadonlyMap<string, FunctionArchive>> {
  bundled ??= build();
  return bundled;
}

async function build(): Promise<ReadonlyMap<string, FunctionArchive>> {
  mkdirSync(kept, { recursive: true });
  const building = mkdtempSync(join(kept, "building-"));
  try {
    const archives = await bundleFunctions(building);
    return new Map(archives.map((archive) => [archive.name, { hash: archive.hash, code: codeOf(archive) }]));
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

/** By relative path: the content of text assets would be kept in the state, and absolute paths differ by machine. */
function codeOf({ name, folder, hash, files }: Archive): pulumi.asset.AssetArchive {
  const home = join(kept, `${name}-${hash.slice(0, 32)}`);
  if (!existsSync(home)) moveTo(folder, home);
  return new pulumi.asset.AssetArchive(
    Object.fromEntries(
      files.map((file) => [
        file,
        new pulumi.asset.FileAsset(relative(import.meta.dirname, join(home, file))),
      ]),
    ),
  );
}

function moveTo(folder: string, home: string): void {
  try {
    renameSync(folder, home);
  } catch (error) {
    // Another run was faster, with the same bytes.
    if (!existsSync(home)) throw error;
  }
}
