import { spawn } from "node:child_process";
import { createServer } from "node:net";

export type JavaServer = {
  /** `127.0.0.1:port`, as the clients' `…_EMULATOR_HOST` variables want it. */
  readonly host: string;
  /** Ends it: asks, and after two seconds insists. */
  stop(): Promise<void>;
};

export type JavaServerOptions = {
  readonly name: string;
  readonly java: string;
  /** What follows `java`, without host and port. */
  readonly args: readonly string[];
};

/** A busy machine may take minutes for what takes two seconds; one that cannot start says so, and ends by itself. */
const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 2_000;

/**
 * Starts a server that takes `--host` and `--port` and answers GET / once it is ready. Java is started directly: the
 * `gcloud` launcher leaves its JVM behind when it is stopped. Throws an Error with the end of what the server wrote.
 */
export async function startJavaServer({ name, java, args }: JavaServerOptions): Promise<JavaServer> {
  const port = await freePort();
  const child = spawn(java, [...args, "--host=127.0.0.1", `--port=${port}`], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let written = "";
  const keep = (chunk: Buffer) => {
    written = (written + chunk.toString()).slice(-2_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  let ended = false;
  const exit = new Promise<void>((resolve) => {
    const end = () => {
      ended = true;
      resolve();
    };
    child.once("exit", end);
    child.once("error", (error) => {
      written += error.message;
      end();
    });
  });
  // A run that dies must not leave a JVM behind.
  const insist = () => {
    child.kill("SIGKILL");
  };
  process.once("exit", insist);
  const stop = async () => {
    process.removeListener("exit", insist);
    if (ended) return;
    child.kill("SIGTERM");
    const timer = setTimeout(insist, STOP_TIMEOUT_MS);
    await exit;
    clearTimeout(timer);
  };
  const host = `127.0.0.1:${port}`;
  const latest = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(host))) {
    if (ended || Date.now() > latest) {
      await stop();
      throw new Error(`the ${name} did not start on ${host}; the last it wrote:\n${written}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { host, stop };
}

async function answers(host: string): Promise<boolean> {
  try {
    return (await fetch(`http://${host}/`, { signal: AbortSignal.timeout(10_000) })).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
