import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type ClientRequest, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { MODEL_SUBSCRIPTION, subscriptionsOf } from "@mrdata/functions";
import { signBody } from "@mrdata/pagerduty";
import { systemClock } from "@mrdata/platform";
import { openEmbeddedBus } from "@mrdata/platform/embedded";
import { localFiles } from "@mrdata/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundledFunctions } from "../support/bundled.ts";
import { type FunctionProcess, startFunction } from "../support/function-process.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

const SECRET = "secret-of-the-limits";
const MEBIBYTE = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), "mrdata-limits-"));
const names = ["receive", "respond", "record", "sweep"] as const;
const running = new Map<string, FunctionProcess>();
const home = join(folder, "home");

beforeAll(async () => {
  mkdirSync(home);
  const archives = await bundledFunctions();
  for (const name of names) {
    const env = { MRDATA_TARGET: `local:${home}`, MRDATA_WEBHOOK_SECRET: SECRET };
    running.set(name, await startFunction(archives.get(name) ?? "", name, env));
  }
});
afterAll(async () => {
  for (const one of running.values()) await one.stop();
  rmSync(folder, { recursive: true, force: true });
});

const functionOf = (name: string): FunctionProcess => {
  const found = running.get(name);
  if (found === undefined) throw new Error(`${name} does not run`);
  return found;
};

type Answer = { readonly status: number; readonly text: string };
/** Sends a head and what `write` sends of a body. The answer may come before the end, and the connection end with it. */
const send = (
  name: string,
  headers: Readonly<Record<string, string>>,
  write: (sent: ClientRequest) => void,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(functionOf(name).url, { method: "POST", headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      const done = () => resolve({ status: response.statusCode ?? 0, text });
      response.on("end", done).on("error", done);
    });
    sent.on("error", reject);
    write(sent);
  });
const whole = (body: Uint8Array) => (sent: ClientRequest) => {
  sent.end(Buffer.from(body));
};

const json = { "content-type": "application/json" };
const good = bytesOf(webhook({ type: "triggered", incident: "PINC001", at: Date.now() }));
const signed = (body: Uint8Array) => ({ ...json, "x-pagerduty-signature": signBody(body, SECRET) });

describe.each(names)("%s reads nothing of a body", (name) => {
  test.each([
    ["gzip", gzipSync(good)],
    ["GZip", gzipSync(good)],
    ["deflate", deflateSync(good)],
    ["br", brotliCompressSync(good)],
    ["identity, gzip", gzipSync(good)],
    ["something-new", good],
  ])("of the encoding %s", async (encoding, body) => {
    const answer = await send(name, { ...signed(good), "content-encoding": encoding }, whole(body));
    expect(answer).toEqual({ status: 415, text: expect.stringContaining("compressed") });
  });

  test("that is said to be too long: the answer comes before the body", async () => {
    const length = { "content-length": String(40 * MEBIBYTE) };
    const answer = await send(name, { ...json, ...length }, (sent) => sent.flushHeaders());
    expect(answer).toEqual({ status: 413, text: expect.stringContaining("bytes") });
  });

  test.each([
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
  ])("beyond the limit, where no length is told, as %s", async (type) => {
    const answer = await send(name, { "content-type": type }, (sent) => {
      for (let i = 0; i < 40; i++) sent.write(Buffer.alloc(64 * 1024, "1"));
    });
    expect(answer).toEqual({ status: 413, text: expect.stringContaining("bytes") });
  });
});

test("what is not compressed and of no told length is taken, and 'identity' says nothing else", async () => {
  for (const headers of [
    { "transfer-encoding": "chunked" },
    { "content-encoding": "identity", "content-length": String(good.byteLength) },
  ])
    expect(await send("receive", { ...signed(good), ...headers }, whole(good))).toMatchObject({
      status: 200,
    });
  expect(functionOf("receive").output()).toContain('"webhook.refused"');
});

/** What the process has in memory now and had at the most, MiB (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html). */
function memoryOf(name: string): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${functionOf(name).process.pid}/status`, "utf8");
  const read = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
  return { now: read("VmRSS"), most: read("VmHWM") };
}

test.skipIf(process.platform !== "linux").each([
  ["of a told length", true],
  ["of a length that is not told", false],
])("many bodies %s that are too long take no memory, and the next webhook is taken", async (_, isTold) => {
  const bytes = 8 * MEBIBYTE;
  const before = memoryOf("receive").now;
  const flood = Array.from({ length: 40 }, () =>
    send("receive", { ...json, ...(isTold ? { "content-length": String(bytes) } : {}) }, (sent) => {
      for (let i = 0; i < bytes; i += MEBIBYTE) sent.write(Buffer.alloc(MEBIBYTE, "1"));
      sent.end();
    }),
  );
  // Whoever still sends while the connection ends may see that before the answer.
  const answers = await Promise.allSettled(flood);
  const statuses = answers.flatMap((one) => (one.status === "fulfilled" ? [one.value.status] : []));
  expect(statuses.every((status) => status === 413)).toBe(true);
  // All of them would be 320 MiB; the function is declared with 256 MiB.
  expect(memoryOf("receive").most - before).toBeLessThan(100);
  expect(memoryOf("receive").most).toBeLessThan(256);
  expect(await send("receive", signed(good), whole(good))).toMatchObject({ status: 200 });
});

test("nothing of all that was published", async () => {
  const subscriptions = subscriptionsOf("http://127.0.0.1:1").filter(
    ({ name }) => name === MODEL_SUBSCRIPTION,
  );
  const bus = openEmbeddedBus({ file: localFiles(home).bus, clock: systemClock, subscriptions });
  try {
    await bus.seek(MODEL_SUBSCRIPTION, 0);
    expect(bus.pending()).toBe(4);
  } finally {
    await bus.close();
  }
});
