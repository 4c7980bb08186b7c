// Makes a fresh clone runnable with nothing but Node 20 or newer and npm. Plain JavaScript for old Nodes:
// it installs the pinned dependencies when the lockfile changed, and answers with a Node that runs TypeScript.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PNPM = "pnpm@12.21.0";
const LEAST_NODE = 24;
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs what is missing and returns the path of a Node of version 24 or newer. Throws an Error for people. */
export function bootstrap() {
  const release = lock(join(root, "node_modules", ".mrdata-install.lock"));
  try {
    install(root, ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"], "dependencies");
    if (Number(process.versions.node.split(".")[0]) >= LEAST_NODE) return process.execPath;
    const runtime = join(root, "runtime");
    if (process.platform !== "linux") {
      throw new Error(
        `Mr Data runs on Node ${LEAST_NODE} or newer, and this is ${process.version}. Install it from https://nodejs.org and try again.`,
      );
    }
    install(runtime, ["package.json", "pnpm-lock.yaml"], `Node ${LEAST_NODE}`);
    const node = join(runtime, "node_modules", `node-linux-${process.arch}`, "bin", "node");
    const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout ?? "";
    if (!version.startsWith(`v${LEAST_NODE}.`)) {
      throw new Error(
        `Node ${LEAST_NODE} could not be installed for linux-${process.arch} (${node} answered '${version.trim()}'). Install Node ${LEAST_NODE} or newer and try again.`,
      );
    }
    return node;
  } finally {
    release();
  }
}

function install(folder, files, what) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(folder, file)));
  const wanted = hash.digest("hex");
  const stamp = join(folder, "node_modules", ".mrdata-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  process.stderr.write(`mrdata: installing ${what} (once, about half a minute) ...\n`);
  const npx = process.platform === "win32" ? "npx.cmd" : "npx";
  const args = [
    "-y",
    PNPM,
    "--dir",
    folder,
    "install",
    "--frozen-lockfile",
    "--prefer-offline",
    "--reporter=append-only",
  ];
  const done = spawnSync(npx, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, CI: "true" },
    shell: process.platform === "win32",
  });
  if (done.status !== 0) {
    const said = `${done.stdout ?? ""}${done.stderr ?? ""}${done.error ? done.error.message : ""}`
      .trim()
      .split("\n")
      .slice(-15)
      .join("\n");
    throw new Error(
      `could not install ${what} with 'npx ${args.join(" ")}':\n${said}\nIs the npm registry reachable?`,
    );
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(`${stamp}.new`, wanted);
  renameSync(`${stamp}.new`, stamp);
}

/** Two commands started at once must not install into one folder. A lock older than ten minutes is a dead one. */
function lock(folder) {
  mkdirSync(dirname(folder), { recursive: true });
  for (;;) {
    try {
      mkdirSync(folder);
      return () => rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      let age = Number.POSITIVE_INFINITY;
      try {
        age = Date.now() - statSync(folder).mtimeMs;
      } catch {
        continue;
      }
      if (age > 600_000) rmSync(folder, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}
