import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../support/mrdata.ts";

const MAIN = join(import.meta.dirname, "../../packages/cli/src/main.ts");
const READY = "Ctrl-C ends it";

/** Starts `mrdata serve --simulated` and waits until it has printed its commands. */
async function rehearsing(home: string) {
  const child = spawn(process.execPath, [MAIN, "serve", "--simulated", "--port", "0", "--home", home], {
    // What is set for a real account must not reach it.
    env: { PATH: process.env.PATH ?? "", MRDATA_WINDOW: "7m", MRDATA_PAGERDUTY_TOKEN: "of a real account" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill("SIGKILL");
    await ended;
  });
  let said = "";
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        said += chunk;
        if (said.includes(READY)) resolve();
      });
    ended.then(() => reject(new Error(`it ended before it was ready: ${said}`)));
  });
  await ready;
  return {
    said: () => said,
    async interrupt() {
      child.kill("SIGINT");
      const [code] = await ended;
      return code;
    },
  };
}

/** Types a line as it was printed. */
async function type(line: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn("bash", ["-c", line.replace(/^\s*mrdata/, `'${process.execPath}' '${MAIN}'`)], {
    env: { PATH: process.env.PATH ?? "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  const [code] = await once(child, "close");
  return { code, output };
}

test("a rehearsal's printed commands go from shadow to armed, through a drill, and off again", async () => {
  const home = temporaryFolder();
  const rehearsal = await rehearsing(home);
  const commands = rehearsal
    .said()
    .split("\n")
    .filter((line) => /^ {2}(mrdata|curl) /.test(line));
  const [doctor = "", arm = "", putOn = "", drill = "", alarm = "", status = "", ...rest] = commands;
  const [clear = "", decisions = "", disarm = ""] = rest;

  expect(await type(doctor)).toMatchObject({ code: 0, output: expect.stringMatching(/^ok +subscription/m) });
  expect(await type(arm)).toMatchObject({ code: 0, output: expect.stringContaining("armed") });
  expect(await type(putOn)).toMatchObject({ code: 0, output: expect.stringContaining("PPREPARED") });
  expect(await type(drill)).toMatchObject({
    code: 0,
    output: expect.stringContaining("the bot had it first, and passed it on"),
  });
  expect(await type(alarm)).toMatchObject({ code: 0, output: expect.stringContaining("Event processed") });
  await expect.poll(() => rehearsal.said()).toMatch(/Mr Data has it first: (?!Mr Data drill)/);
  expect(await type(clear)).toMatchObject({ code: 0, output: expect.stringContaining("Event processed") });
  expect(await type(status)).toMatchObject({ code: 0, output: expect.stringContaining("armed") });
  expect(await type(decisions)).toMatchObject({ output: expect.stringContaining("Mr Data drill") });
  expect(await type(disarm)).toMatchObject({ code: 0 });
  expect((await type(status)).output).toMatch(/it is 3 am/);

  const second = await type(`mrdata serve --simulated --home ${home}`);
  expect(second).toMatchObject({ code: 1, output: expect.stringContaining("name an empty folder") });
  expect(await rehearsal.interrupt()).toBe(0);
  expect(existsSync(join(home, "serve.json"))).toBe(false);
}, 300_000);
