import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

const MAIN = join(import.meta.dirname, "../../packages/cli/src/main.ts");

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A folder of the test's own, removed when the test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Nothing of the caller's own settings. */
const environment = (env: Readonly<Record<string, string>>) => ({ PATH: process.env.PATH ?? "", ...env });

function start(args: readonly string[], env: Readonly<Record<string, string>>, cwd: string): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: environment(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs `mrdata` to its end, as a process. */
export async function mrdata(
  args: readonly string[],
  {
    env = {},
    cwd = tmpdir(),
  }: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<Ran> {
  const child = start(args, env, cwd);
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

export type Serving = {
  readonly webhookUrl: string;
  readonly secret: string;
  readonly home: string;
  /** Presses Ctrl-C and waits; answers with the exit code. */
  interrupt(): Promise<number | null>;
};

/** Starts `mrdata serve` on a free port and waits until it says that it is ready. Ended with the test. */
export async function serving(home: string, env: Readonly<Record<string, string>> = {}): Promise<Serving> {
  const child = start(["serve", "--port", "0", "--home", home, "--json"], env, tmpdir());
  const ended = once(child, "exit");
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill("SIGKILL");
    await ended;
  });
  if (child.stdout === null) throw new Error("serve has no standard output");
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, "line");
  const ready: { webhookUrl: string; secret: string; home: string } = JSON.parse(String(line));
  return {
    ...ready,
    async interrupt() {
      child.kill("SIGINT");
      const [code] = await ended;
      return code;
    },
  };
}

export const jsonLines = (text: string): readonly unknown[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
