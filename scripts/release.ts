// npm run release: builds what is given out of this version, into dist/release/VERSION, with SHA256SUMS. It publishes nothing.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bundleFunctions } from "@mrdata/functions/bundle";
import { packCli } from "./package/pack-cli.ts";
import { problemsOfRelease } from "./package/release-problems.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const manifests = execFileSync("git", ["ls-files", "package.json", "*/package.json"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && !file.startsWith("runtime/"))
  .map((file) => ({ file, version: versionIn(read(file)) }));

function versionIn(text: string): string | null {
  const manifest: { readonly version?: string } = JSON.parse(text);
  return manifest.version ?? null;
}

const problems = problemsOfRelease({
  manifests,
  changelog: read("CHANGELOG.md"),
  uncommitted: execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" }).trim(),
});
if (problems.length > 0) {
  for (const problem of problems) process.stderr.write(`mrdata: ${problem}\n`);
  process.exit(1);
}
const build = join(root, "dist/build");
const { file, version } = await packCli(build);
const folder = join(root, "dist/release", version);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
copyFileSync(file, join(folder, basename(file)));
const made = [basename(file)];
for (const archive of await bundleFunctions(join(build, "functions"))) {
  const name = `function-${archive.name}-${version}.tgz`;
  execFileSync("tar", ["-czf", join(folder, name), "-C", archive.folder, ...archive.files]);
  made.push(name);
}
const sum = (name: string): string =>
  createHash("sha256")
    .update(readFileSync(join(folder, name)))
    .digest("hex");
writeFileSync(join(folder, "SHA256SUMS"), made.map((name) => `${sum(name)}  ${name}\n`).join(""));
process.stdout.write(`${folder}\n${made.map((name) => `  ${name}\n`).join("")}`);
