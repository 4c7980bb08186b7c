import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleCli } from "./bundle-cli.ts";

const root = join(import.meta.dirname, "../..");
const cli = join(root, "packages/cli");

type Manifest = { readonly name: string; readonly version: string };

/**
 * Packs the command line as a package for `npm install -g`: the bundle, the launcher and the licence, and no dependency.
 * Answers with the package's file, in `folder`.
 */
export async function packCli(folder: string): Promise<{ readonly file: string; readonly version: string }> {
  const { name, version }: Manifest = JSON.parse(readFileSync(join(cli, "package.json"), "utf8"));
  const content = join(folder, "package");
  rmSync(content, { recursive: true, force: true });
  mkdirSync(join(content, "bin"), { recursive: true });
  await bundleCli(join(content, "lib"));
  copyFileSync(join(import.meta.dirname, "launcher.mjs"), join(content, "bin/mrdata.mjs"));
  chmodSync(join(content, "bin/mrdata.mjs"), 0o755);
  copyFileSync(join(root, "LICENSE"), join(content, "LICENSE"));
  writeFileSync(
    join(content, "README.md"),
    "# mrdata\n\nThe command line of Mr Data: `mrdata --help`. Completion: `mrdata completion --help`.\n",
  );
  const manifest = {
    name,
    version,
    description:
      "Mr Data stands first on the PagerDuty rota and lets people sleep through what resolves itself.",
    license: "Apache-2.0",
    type: "module",
    bin: { mrdata: "bin/mrdata.mjs" },
    files: ["bin", "lib"],
  };
  writeFileSync(join(content, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const told = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: content,
    encoding: "utf8",
  });
  const [packed]: readonly { readonly filename: string }[] = JSON.parse(told);
  if (packed === undefined) throw new Error(`npm pack made nothing: ${told}`);
  return { file: join(folder, packed.filename), version };
}
