import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { type ClientRequest, createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { signBody } from "@mrdata/pagerduty";
import { writePushEnvelope } from "@mrdata/platform";
import { localFiles } from "@mrdata/runtime";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { bundledFunctions } from "../support/bundled.ts";
import { type FunctionProcess, startFunction } from "../support/function-process.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

const SECRET = "secret-of-the-draining";
const folder = mkdtempSync(join(tmpdir(), "mrdata-drain-"));
const names = ["receive", "respond", "record", "sweep"] as const;
type Name = (typeof names)[number];

let archives: ReadonlyMap<string, string>;

beforeAll(async () => {
  archives = await bundledFunctions();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** The function as the platform starts it, with a home of its own. */
async function start(
  name: Name,
  env: Readonly<Record<string, string>> = {},
): Promise<FunctionProcess & { readonly home: string }> {
  const home = join(folder, `home-${++count}`);
  mkdirSync(home);
  const started = await startFunction(archives.get(name) ?? "", name, {
    MRDATA_TARGET: `local:${home}`,
    MRDATA_WEBHOOK_SECRET: SECRET,
    ...env,
  });
  onTestFinished(() => started.stop());
  return { ...started, home };
}

const opening = (incident: string) =>
  bytesOf(webhook({ type: "triggered", incident, at: Date.now(), assignees: ["PBOT001"] }));
/** What each function is sent. */
const bodyFor = (name: Name): Buffer => {
  if (name === "sweep") return Buffer.from("{}");
  if (name === "receive") return opening("PINC001");
  return Buffer.from(
    writePushEnvelope({
      data: opening("PINC001"),
      messageId: "1",
      attributes: {},
      orderingKey: "PINC001",
      publishTime: Date.now(),
      subscription: "s",
      deliveryAttempt: 1,
    }),
  );
};
const headersFor = (body: Buffer) => ({
  "content-type": "application/json",
  "content-length": String(body.byteLength),
  "x-pagerduty-signature": signBody(body, SECRET),
});

/** A request whose body the test sends itself; its status, or null if the connection ended without an answer. */
function begin(
  url: string,
  body: Buffer,
): { readonly sent: ClientRequest; readonly status: Promise<number | null> } {
  const sent = request(url, { method: "POST", headers: headersFor(body), agent: false });
  const status = new Promise<number | null>((resolve) => {
    sent.on("response", (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    sent.on("error", () => resolve(null));
  });
  return { sent, status };
}
const post = (url: string, body: Buffer): Promise<number | null> => {
  const { sent, status } = begin(url, body);
  sent.end(body);
  return status;
};

const draining = (one: FunctionProcess) => expect.poll(() => one.output()).toContain('"function.draining"');

describe.each(names)("%s, told to end by SIGTERM,", (name) => {
  test("finishes the requests that are under way, takes no others, and ends with 0", async () => {
    const running = await start(name);
    const body = bodyFor(name);
    // Everything is opened, and a connection is kept.
    expect(await post(running.url, body)).toBeLessThan(300);
    const under = Array.from({ length: 5 }, () => begin(running.url, body));
    for (const { sent } of under) sent.write(body.subarray(0, 1));
    // Their heads have arrived when a later one was answered.
    expect(await post(running.url, body)).toBeLessThan(300);
    const ended = once(running.process, "exit");
    running.process.kill("SIGTERM");
    await draining(running);
    expect(await post(running.url, body)).toBeNull();
    for (const { sent } of under) sent.end(body.subarray(1));
    for (const { status } of under) expect(await status).toBeLessThan(300);
    expect(await ended).toEqual([0, null]);
    expect(running.output()).not.toContain('"function.cut"');
  });

  test("ends at once where nothing is under way", async () => {
    const running = await start(name);
    const ended = once(running.process, "exit");
    running.process.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});

/** A file that another program writes to for so long, milliseconds. */
function lockFor(file: string, time: number): void {
  const other = new DatabaseSync(file);
  other.exec("BEGIN IMMEDIATE");
  setTimeout(() => {
    other.exec("COMMIT");
    other.close();
  }, time);
}

test.each([
  ["receive", "bus"],
  ["record", "ledger"],
] as const)(
  "%s writes down what it has begun to, though the %s is locked while it ends",
  async (name, file) => {
    const running = await start(name);
    const body = bodyFor(name);
    expect(await post(running.url, body)).toBeLessThan(300);
    lockFor(localFiles(running.home)[file], 1_200);
    const status = post(running.url, body);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const ended = once(running.process, "exit");
    running.process.kill("SIGTERM");
    expect(await status).toBeLessThan(300);
    expect(await ended).toEqual([0, null]);
  },
);

test.each(["respond", "sweep"] as const)("%s ends the call to PagerDuty that it has begun", async (name) => {
  let asked = 0;
  // A PagerDuty that takes its time: the incident is a person's by now, and nothing waits on the bot.
  const incident = { id: "PINC001", title: "", status: "acknowledged", urgency: "high", assignments: [] };
  const server = createServer((incoming, outgoing) => {
    asked++;
    setTimeout(() => {
      outgoing.writeHead(200, { "content-type": "application/json" });
      const single = incoming.url?.startsWith("/incidents/PINC001") ?? false;
      outgoing.end(
        JSON.stringify(single ? { incident, alerts: [], notes: [] } : { incidents: [], more: false }),
      );
    }, 1_500);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const running = await start(name, {
    MRDATA_PAGERDUTY_URL: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    MRDATA_PAGERDUTY_TOKEN: "token",
    MRDATA_BOT_USER: "PBOT001",
    MRDATA_FROM: "bot@example.com",
  });
  const status = post(running.url, bodyFor(name));
  await expect.poll(() => asked).toBeGreaterThan(0);
  const ended = once(running.process, "exit");
  running.process.kill("SIGTERM");
  if (name === "respond") {
    expect(await status).toBe(204);
    expect(running.output()).not.toContain('"function.cut"');
  } else await status;
  expect(await ended).toEqual([0, null]);
});
