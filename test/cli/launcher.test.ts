import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/mrdata.ts";

const launcher = join(import.meta.dirname, "../../scripts/mrdata.mjs");

/** What npm is to it: a process that starts a shell that starts the launcher. */
const asNpmDoes = (command: string): string =>
  `require("node:child_process").spawn("sh", ["-c", ${JSON.stringify(`${command}; true`)}], { stdio: "inherit", env: { ...process.env, npm_command: "exec" } })`;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("a server is not left behind when npm, which started it through a shell, is killed with -9", async () => {
  const home = temporaryFolder();
  const command = `node '${launcher}' serve --port 0 --home '${home}' --json`;
  const npm = spawn(process.execPath, ["-e", asNpmDoes(command)], { stdio: ["ignore", "pipe", "inherit"] });
  await once(createInterface({ input: npm.stdout }), "line");
  const { pid } = JSON.parse(readFileSync(join(home, "serve.json"), "utf8"));
  expect(isAlive(pid)).toBe(true);
  npm.kill("SIGKILL");
  await expect.poll(() => isAlive(pid)).toBe(false);
});
