#!/usr/bin/env node
// Plain JavaScript for old Nodes: on Node 24 it loads the program in this very process; an older one on Linux fetches a Node of
// its own once, into a cache folder of the user.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const LEAST_NODE = 24;
const NODE_TO_FETCH = "24.21.0";
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "mrdata");

// Google's clients would look for a metadata server on every start. Of a machine of Google's its firmware tells.
process.env.METADATA_SERVER_DETECTION ??= "bios-only";

if (Number(process.versions.node.split(".")[0]) >= LEAST_NODE) {
  // What Node compiled is kept: a start costs a third.
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? join(cache, "compiled"));
  await import("../lib/main.js");
} else {
  const node = ownNode();
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, MRDATA_LAUNCHER: String(process.pid) },
  });
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? (signal === "SIGINT" ? 130 : 1) : (code ?? 1)));
}

function ownNode() {
  if (process.platform !== "linux")
    give(
      `Mr Data runs on Node ${LEAST_NODE} or newer, and this is ${process.version}. Install it from https://nodejs.org and try again.`,
    );
  const name = `node-linux-${process.arch}`;
  const folder = join(cache, `node-${NODE_TO_FETCH}`);
  const node = join(folder, "node_modules", name, "bin", "node");
  if (existsSync(node)) return node;
  process.stderr.write(
    `mrdata: this is Node ${process.versions.node}; fetching Node ${NODE_TO_FETCH} into ${folder} (once) ...\n`,
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true}\n');
  const args = [
    "install",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--prefix",
    folder,
    `${name}@${NODE_TO_FETCH}`,
  ];
  const done = spawnSync("npm", args, { encoding: "utf8", cwd: folder });
  if (done.status !== 0 || !existsSync(node))
    give(
      `could not fetch Node ${NODE_TO_FETCH} with 'npm ${args.join(" ")}': ${(done.stderr || String(done.error || "")).trim().split("\n").slice(-3).join(" ")}. Install Node ${LEAST_NODE} or newer and try again.`,
    );
  return node;
}

function give(sentence) {
  process.stderr.write(`mrdata: ${sentence}\n`);
  process.exit(1);
}
