import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { TestContext } from "vitest";

/**
 * Runs scripts one after the other, each in a namespace of its own, in the given folder, and returns what each printed;
 * any other output is not waited for.
 */
const LOOP = `
import contextlib, io, json, os, sys, traceback
for line in sys.stdin:
    asked = json.loads(line)
    os.chdir(asked["folder"])
    printed = io.StringIO()
    answer = {}
    try:
        with contextlib.redirect_stdout(printed):
            exec(asked["script"], {"__name__": "__main__"})
    except BaseException:
        answer["error"] = traceback.format_exc()
    answer["stdout"] = printed.getvalue()
    os.chdir("/")
    print(json.dumps(answer), flush=True)
`;

type Answer = { readonly stdout: string; readonly error?: string };
type Running = { readonly child: ChildProcess; readonly lines: AsyncIterator<string>; said: string };

/**
 * One process of an interpreter with xgboost, numpy and scikit-learn loaded, started on first use: loading them takes
 * seconds of processor time. Scripts run one after the other.
 */
export function openPython(interpreter: string) {
  let running: Running | null = null;

  function started(): Running {
    const child = spawn(interpreter, ["-W", "ignore", "-u", "-c", LOOP], {
      stdio: ["pipe", "pipe", "pipe"],
      // OpenMP threads that wait for each other bring a busy machine to a standstill.
      env: { ...process.env, OMP_NUM_THREADS: "1" },
    });
    const input: Interface = createInterface({ input: child.stdout });
    const one: Running = { child, lines: input[Symbol.asyncIterator](), said: "" };
    child.stderr.on("data", (chunk) => {
      one.said += chunk;
    });
    return one;
  }

  return {
    /** Runs a script with `files` in its folder, and returns its output. Throws Python's error message on failure. */
    async run(
      context: TestContext,
      script: string,
      files: Readonly<Record<string, string | Uint8Array>>,
    ): Promise<string> {
      if (!existsSync(interpreter))
        context.skip(`${interpreter} is missing (xgboost, scikit-learn); to have it run: npm run python`);
      running ??= started();
      const folder = mkdtempSync(join(tmpdir(), "mrdata-python-"));
      try {
        for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
        running.child.stdin?.write(`${JSON.stringify({ folder, script })}\n`);
        const line = await running.lines.next();
        if (line.done) throw new Error(`Python ended before it answered:\n${running.said}`);
        const { stdout, error }: Answer = JSON.parse(line.value);
        if (error !== undefined) throw new Error(`Python failed:\n${error}`);
        return stdout;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    close(): void {
      running?.child.kill();
      running = null;
    },
  };
}
