import { join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { archives, homeOf, type KeptArchive } from "./kept-archives.ts";

/** The bundled code of one function, as Pulumi uploads it. */
export type FunctionArchive = { readonly hash: string; readonly code: pulumi.asset.AssetArchive };

let bundled: Promise<ReadonlyMap<string, FunctionArchive>> | undefined;

/** Bundles every function of packages/functions from its sources, unless that was done with the same sources; by name. */
export function bundleAll(): Promise<ReadonlyMap<string, FunctionArchive>> {
  bundled ??= archives().then(
    (all) => new Map(all.map((archive) => [archive.name, { hash: archive.hash, code: codeOf(archive) }])),
  );
  return bundled;
}

/** By relative path: the content of text assets would be kept in the state, and absolute paths differ by machine. */
function codeOf(archive: KeptArchive): pulumi.asset.AssetArchive {
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
