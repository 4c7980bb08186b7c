import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Archive } from "@mrdata/functions/bundle";
import { removeOldArchives } from "./old-archives.ts";
import { sourcesHash } from "./sources-hash.ts";

/** Where archives are kept, each under its hash: whoever reads one while another is built reads the whole of it. */
const keptArchives = join(import.meta.dirname, "dist/functions");

export type KeptArchive = Pick<Archive, "name" | "hash" | "files">;

export const homeOf = ({ name, hash }: Pick<KeptArchive, "name" | "hash">): string =>
  join(keptArchives, folderNameOf({ name, hash }));

const folderNameOf = ({ name, hash }: Pick<KeptArchive, "name" | "hash">): string =>
  `${name}-${hash.slice(0, 32)}`;

/** The file that lists what was bundled from the sources as they are now. */
const listName = (): string => `of-sources-${sourcesHash(join(import.meta.dirname, ".."))}.json`;

/** Bundles every function of packages/functions from its sources, unless that was done with the same sources. */
export async function archives(): Promise<readonly KeptArchive[]> {
  mkdirSync(keptArchives, { recursive: true });
  const list = join(keptArchives, listName());
  if (existsSync(list)) {
    const known: readonly KeptArchive[] = JSON.parse(readFileSync(list, "utf8"));
    const broken = known.filter((one) => !one.files.every((file) => existsSync(join(homeOf(one), file))));
    if (broken.length === 0) return known;
    for (const one of broken) rmSync(homeOf(one), { recursive: true, force: true });
  }
  const built = await build();
  writeFileSync(`${list}.${process.pid}`, JSON.stringify(built));
  renameSync(`${list}.${process.pid}`, list);
  removeOldArchives(keptArchives, new Set([basename(list), ...built.map(folderNameOf)]));
  return built;
}

async function build(): Promise<readonly KeptArchive[]> {
  const building = mkdtempSync(join(keptArchives, "building-"));
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

function moveTo(folder: string, home: string): void {
  try {
    renameSync(folder, home);
  } catch (error) {
    // Another run was faster, with the same bytes.
    if (!existsSync(home)) throw error;
  }
}
