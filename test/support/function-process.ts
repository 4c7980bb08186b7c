import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { keptCode } from "./kept-code.ts";

const require = createRequire(join(import.meta.dirname, "../../packages/functions/package.json"));
const FRAMEWORK = join(dirname(require.resolve("@google-cloud/functions-framework")), "main.js");

export type FunctionProcess = {
  readonly url: string;
  readonly process: ChildProcess;
  readonly output: () => string;
  stop(): Promise<void>;
};

/** Starts a folder as the platform does: a functions-framework from outside of it, production settings, one port. */
export async function startFunction(
  folder: string,
  target: string,
  env: Readonly<Record<string, string>>,
  /** `port`: where one was killed and its callers still know it; a free one if left out. */
  { core, port: wantedPort = 0 }: { readonly core?: number; readonly port?: number } = {},
): Promise<FunctionProcess> {
  const { PATH = "" } = process.env;
  const args = [
    "--require",
    join(import.meta.dirname, "loopback.cjs"),
    FRAMEWORK,
    `--source=${folder}`,
    `--target=${target}`,
    `--port=${wantedPort}`,
  ];
  // Pinned, two servers that are measured in turn run on the same core, and what asks them on another.
  const command = core === undefined ? [process.execPath] : ["taskset", "-c", String(core), process.execPath];
  const child = spawn(command[0] ?? "", [...command.slice(1), ...args], {
    cwd: folder,
    env: {
      PATH,
      NODE_ENV: "production",
      METADATA_SERVER_DETECTION: "none",
      // A server that is measured starts as the platform starts it: with nothing compiled before.
      ...(core === undefined ? keptCode : {}),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const port = await new Promise<number>((resolve, reject) => {
    let listening = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (listening) return;
      const found = /^\{"listening":(\d+)\}$/m.exec(output)?.[1];
      if (found === undefined) return;
      listening = true;
      resolve(Number(found));
    });
    child.on("exit", (code) =>
      reject(new Error(`${target} ended with ${code} before it listened:\n${output}`)),
    );
  });
  return {
    url: `http://127.0.0.1:${port}`,
    process: child,
    output: () => output,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
