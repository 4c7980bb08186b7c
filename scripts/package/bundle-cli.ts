import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type CommandTree, createProgram, treeOf } from "@mrdata/cli";
import { build, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "../..");
const packages = join(root, "packages");

/** A worker's file is named beside the code that starts it, and nowhere else. */
const WORKER = /new Worker\(new URL\("\.\/([\w-]+)\.ts", import\.meta\.url\)/g;

const sources = readdirSync(packages, { recursive: true, encoding: "utf8" })
  .filter((file) => /^[\w-]+\/src\/.*\.ts$/.test(file) && !/\.(test|fixture)\.ts$/.test(file))
  .map((file) => join(packages, file));

/** Every worker of the sources by its name without `.ts`; two of one name would overwrite each other. */
function workers(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const source of sources)
    for (const [, name = ""] of readFileSync(source, "utf8").matchAll(WORKER)) {
      if (found.has(name)) throw new Error(`two workers are called ${name}: rename one`);
      found.set(name, join(source, "..", `${name}.ts`));
    }
  return found;
}

/** In the bundle a worker is JavaScript, beside every piece of it. */
const workersAsJavaScript: Plugin = {
  name: "workers-as-javascript",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]packages[/\\][\w-]+[/\\]src[/\\].*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!text.includes("new Worker(")) return undefined;
      return {
        loader: "ts",
        contents: text.replaceAll(WORKER, 'new Worker(new URL("./$1.js", import.meta.url)'),
      };
    });
  },
};

/** Of the languages in which zod could say what is wrong, the one in which everything here is said: half of what a start reads. */
const oneLanguage: Plugin = {
  name: "one-language",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

const silent = { out() {}, say() {}, progress() {}, bold: String, dim: String };

/** The commands as they are now, so that help and completion need not load them. */
const treeOfNow = (tree: CommandTree): Plugin => ({
  name: "tree-of-now",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]completion[/\\]bundled-tree\.ts$/ }, () => ({
      contents: `export const bundledTree = ${JSON.stringify(tree)};`,
    }));
  },
});

/** What CommonJS libraries expect of the file that they are in, once they stand in a module. */
const commonJs = `import { createRequire as $createRequire } from "node:module";
const require = $createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/**
 * Bundles the command line into `folder`: `main.js`, a file for each worker, and the pieces that they load when a command needs
 * them. It needs Node 24 and nothing else. Answers with the names of the files.
 */
export async function bundleCli(folder: string): Promise<readonly string[]> {
  const entries = new Map([["main", join(packages, "cli/src/main.ts")], ...workers()]);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entries),
    outdir: folder,
    // Flat, so that a worker is beside whatever starts it.
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    minify: true,
    legalComments: "none",
    logLevel: "error",
    metafile: true,
    banner: { js: commonJs },
    plugins: [workersAsJavaScript, oneLanguage, treeOfNow(treeOf(await createProgram(silent, {})))],
  });
  return Object.keys(metafile.outputs).map((file) => basename(file));
}
