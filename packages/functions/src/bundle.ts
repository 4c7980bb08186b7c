import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, parse } from "node:path";
import { build } from "esbuild";
import { manifests } from "./manifests/index.ts";

export { manifests } from "./manifests/index.ts";

/** What is deployed of one function: a folder with its bundle, `package.json` and what stands in `archive`. */
export type Archive = {
  readonly name: string;
  readonly folder: string;
  /** Names of the files in the folder; nothing else belongs to the archive. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** SHA-256 of the files in order, hexadecimal: the same sources give the same. */
  readonly hash: string;
};

const root = join(import.meta.dirname, "..");

/**
 * The same in every archive: the lockfile (by `npm install --package-lock-only`), the entry that finds what was compiled
 * before, and the script that compiles it while the platform builds (docs/decisions/0089).
 */
const SHARED = ["index.js", "keep-compiled.js", "package-lock.json"];

/**
 * Bundles functions into `folder/NAME/function.js`, one CommonJS file each that exports the function under its name, and
 * beside it a package.json that pins functions-framework: the platform runs its own copy, and one that is bundled
 * inside would not be found by it. A lockfile pins what that brings along, so that two builds of the same bytes are one.
 * The bytes depend on nothing but the sources.
 */
export async function bundleFunctions(
  folder: string,
  names: readonly string[] = manifests.map(({ name }) => name),
): Promise<readonly Archive[]> {
  // In one call, which reads once what they share. Each one's bytes are those that it would have alone.
  await bundle(
    Object.fromEntries(names.map((name) => [`${name}/function`, join(root, "src", name, "entry.ts")])),
    folder,
  );
  return names.map((name) => archiveOf(join(folder, name), name));
}

function archiveOf(target: string, name: string): Archive {
  const own: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  const framework = "@google-cloud/functions-framework";
  const manifest = {
    name: `mrdata-${name}`,
    private: true,
    main: "index.js",
    engines: { node: "24" },
    scripts: { "gcp-build": "node keep-compiled.js" },
    dependencies: { [framework]: own.dependencies[framework] },
  };
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of SHARED) copyFileSync(join(root, "archive", file), join(target, file));
  const files = ["function.js", "package.json", ...SHARED];
  const contents = files.map((file) => readFileSync(join(target, file)));
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  return {
    name,
    folder: target,
    files,
    bytes: contents.reduce((sum, content) => sum + content.byteLength, 0),
    hash: hash.digest("hex"),
  };
}

/** Bundles one entry file into one CommonJS file; libraries from outside the workspace may stay outside. */
export async function bundleEntry(
  entry: string,
  outfile: string,
  { libraries = "bundled" }: { readonly libraries?: "bundled" | "external" } = {},
): Promise<void> {
  const { dir, name } = parse(outfile);
  await bundle(
    { [name]: entry },
    dir,
    libraries === "external" ? ["@google-cloud/*", "google-auth-library", "zod"] : [],
  );
}

async function bundle(
  entryPoints: Readonly<Record<string, string>>,
  outdir: string,
  external: readonly string[] = [],
): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { ...entryPoints },
    outdir,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    minify: true,
    // Names of functions are not kept: esbuild would define a property on every closure when it is made, which
    // doubles the cost of a request. Firestore over REST would need them (its serialiser looks at constructors'
    // names, and fails at the first write); we speak gRPC, and the bundle tests write.
    legalComments: "none",
    logLevel: "error",
    external: [...external],
  });
}
