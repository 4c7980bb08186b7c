import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { keptCode } from "./kept-code.ts";

const MAIN = join(import.meta.dirname, "../../packages/cli/src/main.ts");

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A folder of the test's own, removed when the test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Nothing of the caller's own settings. */
const environment = (env: Readonly<Record<string, string>>) => ({
  PATH: process.env.PATH ?? "",
  ...keptCode,
  ...env,
});

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

/** Starts `mrdata` and leaves it running; killed with the test. */
export function startMrdata(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = start(args, env, tmpdir());
  const ended = once(child, "exit");
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await ended;
  });
  return { ended, kill: (signal: NodeJS.Signals) => child.kill(signal) };
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
  const { stop, ...server } = await startServing(home, env);
  onTestFinished(stop);
  return server;
}

/** The same for several tests: whoever starts it stops it. */
export async function startServing(
  home: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Serving & { readonly said: () => string; stop(): Promise<void> }> {
  const child = start(["serve", "--port", "0", "--home", home, "--json", ...args], env, tmpdir());
  const ended = once(child, "exit");
  if (child.stdout === null) throw new Error("serve has no standard output");
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, "line"),
    ended.then(([code]) => {
      throw new Error(`serve ended with ${code} before it was ready: ${said}`);
    }),
  ]);
  const ready: { webhookUrl: string; secret: string; home: string } = JSON.parse(String(line));
  return {
    ...ready,
    said: () => said,
    async interrupt() {
      child.kill("SIGINT");
      const [code] = await ended;
      return code;
    },
    async stop() {
      if (child.exitCode === null) child.kill("SIGKILL");
      await ended;
    },
  };
}

export const jsonLines = (text: string): readonly unknown[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
