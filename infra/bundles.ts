import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import type { Archive } from "@mrdata/functions/bundle";
import * as pulumi from "@pulumi/pulumi";
import { removeOldArchives } from "./old-archives.ts";
import { sourcesHash } from "./sources-hash.ts";

/** The bundled code of one function, as Pulumi uploads it. */
export type FunctionArchive = { readonly hash: string; readonly code: pulumi.asset.AssetArchive };

/** Where bundles are kept, each under its hash: whoever reads one while another is built reads the whole of it. */
const kept = join(import.meta.dirname, "dist/functions");

type Kept = Pick<Archive, "name" | "hash" | "files">;

let bundled: Promise<ReadonlyMap<string, FunctionArchive>> | undefined;

/** Bundles every function of packages/functions from its sources, unless that was done with the same sources; by name. */
export function bundleAll(): Promise<ReadonlyMap<string, FunctionArchive>> {
  bundled ??= archives().then(
    (all) => new Map(all.map((archive) => [archive.name, { hash: archive.hash, code: codeOf(archive) }])),
  );
  return bundled;
}

async function archives(): Promise<readonly Kept[]> {
  mkdirSync(kept, { recursive: true });
  const list = join(kept, `of-sources-${sourcesHash(join(import.meta.dirname, ".."))}.json`);
  if (existsSync(list)) {
    const known: readonly Kept[] = JSON.parse(readFileSync(list, "utf8"));
    const broken = known.filter((one) => !one.files.every((file) => existsSync(join(homeOf(one), file))));
    if (broken.length === 0) return known;
    for (const one of broken) rmSync(homeOf(one), { recursive: true, force: true });
  }
  const built = await build();
  writeFileSync(`${list}.${process.pid}`, JSON.stringify(built));
  renameSync(`${list}.${process.pid}`, list);
  removeOldArchives(kept, new Set([basename(list), ...built.map((one) => basename(homeOf(one)))]));
  return built;
}

async function build(): Promise<readonly Kept[]> {
  const building = mkdtempSync(join(kept, "building-"));
  try {
    // Loaded only where something is built, and esbuild with it.
    const { bundleFunctions } = await import("@mrdata/functions/bundle");
    const built = await bundleFunctions(building);
    for (const archive of built) moveTo(archive.folder, homeOf(archive));
    return built.map(({ name, hash, files }) => ({ name, hash, files }));
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

const homeOf = ({ name, hash }: Pick<Kept, "name" | "hash">): string =>
  join(kept, `${name}-${hash.slice(0, 32)}`);

/** By relative path: the content of text assets would be kept in the state, and absolute paths differ by machine. */
function codeOf(archive: Kept): pulumi.asset.AssetArchive {
  const home = homeOf(archive);
  return new pulumi.asset.AssetArchive(
    Object.fromEntries(
      archive.files.map((file) => [
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
