import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";

/** Runs `node ARGS` on Node 24, passes signals on, and ends as it ended. */
export async function runOnNode24(args) {
  let node;
  try {
    node = bootstrap();
  } catch (error) {
    process.stderr.write(`mrdata: ${error.message}\n`);
    process.exit(1);
  }
  const env = {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`,
    MRDATA_LAUNCHER: String(process.pid),
    // What Node made of the sources (types stripped, compiled) is kept by their content: a start costs half the time.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules/.cache/node"),
    // Without it Google's clients look for a metadata server on every start, also when they talk to an emulator; of a machine of Google's its firmware tells.
    METADATA_SERVER_DETECTION: process.env.METADATA_SERVER_DETECTION ?? "bios-only",
  };
  const child = spawn(node, args, { stdio: "inherit", env });
  // A terminal's Ctrl-C reaches the child by itself; what was sent to this process alone is passed on.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // Whoever started this process may die without a word (kill -9): nothing may be left running behind it.
  const started = starters();
  setInterval(() => starters() === started || child.kill("SIGTERM"), 250).unref();
  const { code, signal } = await new Promise((done) =>
    child.on("exit", (code, signal) => done({ code, signal })),
  );
  if (signal) process.exit(signal === "SIGINT" ? 130 : 1);
  process.exit(code ?? 1);
}

/** Who started this process and, where npm put a shell between, who started that. */
function starters() {
  const { ppid, platform, env } = process;
  if (platform !== "linux" || !env.npm_command) return String(ppid);
  try {
    // Field 4, after the name in parentheses (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).
    return `${ppid} ${/\) \S (\d+)/.exec(readFileSync(`/proc/${ppid}/stat`, "utf8"))?.[1]}`;
  } catch {
    return `${ppid} gone`;
  }
}
