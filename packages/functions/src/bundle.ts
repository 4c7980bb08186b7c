import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, parse } from "node:path";
import { build } from "esbuild";
import { manifests } from "./manifests/index.ts";

export { manifests } from "./manifests/index.ts";

/** The deployable form of one function: a folder with its bundle, `package.json` and the other files of the archive. */
export type Archive = {
  readonly name: string;
  readonly folder: string;
  /** Names of the files in the folder; nothing else belongs to the archive. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** SHA-256 of the files in order, hexadecimal: identical sources give an identical hash. */
  readonly hash: string;
};

const root = join(import.meta.dirname, "..");

/**
 * Identical in every archive: the lockfile (by `npm install --package-lock-only`), the entry that loads the compile
 * cache, and the script that fills it while the platform builds (docs/decisions/0089).
 */
const SHARED = ["index.js", "keep-compiled.js", "package-lock.json"];

/**
 * Bundles functions into `folder/NAME/function.js`, one CommonJS file each that exports the function under its name,
 * beside a package.json that pins functions-framework: the platform runs its own copy and would not find one bundled
 * inside. A lockfile pins its dependencies, so that two builds of the same bytes are identical. The bytes depend only
 * on the sources.
 */
export async function bundleFunctions(
  folder: string,
  names: readonly string[] = manifests.map(({ name }) => name),
): Promise<readonly Archive[]> {
  // In one call, which reads shared sources once. Each bundle has the bytes that it would have alone.
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

/** Bundles one entry file into one CommonJS file; dependencies from outside the workspace may remain external. */
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
