import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signBody } from "@mrdata/pagerduty";
import { localFiles } from "@mrdata/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundledFunctions } from "../support/bundled.ts";
import { startFunction } from "../support/function-process.ts";
import { startServing } from "../support/mrdata.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

const SECRET = "secret-of-the-bad-input";
const folder = mkdtempSync(join(tmpdir(), "mrdata-bad-input-"));
const archives = bundledFunctions();

type Host = { readonly url: string; readonly said: () => string; stop(): Promise<void> };

async function framework(env: Readonly<Record<string, string>>): Promise<Host> {
  const archive = (await archives).get("receive") ?? "";
  const { url, output, stop } = await startFunction(archive, "receive", env);
  return { url, said: output, stop };
}

/** Both ways in which people meet `receive`. */
const hosts: readonly [string, () => Promise<Host>][] = [
  [
    "the archive under functions-framework",
    () => {
      const home = join(folder, "framework");
      mkdirSync(home);
      return framework({ MRDATA_TARGET: `local:${home}`, MRDATA_WEBHOOK_SECRET: SECRET });
    },
  ],
  [
    "mrdata serve",
    async () => {
      const env = { MRDATA_WEBHOOK_SECRET: SECRET };
      const { webhookUrl, said, stop } = await startServing(join(folder, "serve"), env, ["--verbose"]);
      return { url: webhookUrl, said, stop };
    },
  ],
];

type Answer = { readonly status: number; readonly text: string };

/** Sends what it is told and nothing more: no header of its own but the length. */
const send = (
  url: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
  { method = "POST", path = "", chunked = false } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const length = chunked ? {} : { "content-length": String(body.byteLength) };
    const sent = httpRequest(`${url}${path}`, { method, headers: { ...length, ...headers } }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(Buffer.from(body));
  });

const json = { "content-type": "application/json" };
const signed = (body: Uint8Array, more: Readonly<Record<string, string>> = json) => ({
  "x-pagerduty-signature": signBody(body, SECRET),
  ...more,
});
const good = bytesOf(webhook({ type: "triggered", incident: "PINC001", at: Date.now() }));
const nothing = new Uint8Array();
const large = bytesOf({ event: "x".repeat(256 * 1024) });
const event = (type: string) =>
  bytesOf({
    event: { id: `E-${type}`, event_type: type, occurred_at: "2026-03-01T00:00:00Z", agent: null, data: {} },
  });

/** How it ends, what is sent, and what the answer says. */
type Row = readonly [
  what: string,
  status: readonly number[],
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
  says: RegExp,
  how?: { readonly method?: string; readonly path?: string; readonly chunked?: boolean },
];

const unsigned: readonly Row[] = [
  ["no signature", [401], good, json, /signature/i],
  ["an empty signature", [401, 403], good, { ...json, "x-pagerduty-signature": "" }, /signature/],
  ["a malformed signature", [403], good, { ...json, "x-pagerduty-signature": "v1=xyz;" }, /signature/],
  ["a wrong signature", [403], good, { ...json, "x-pagerduty-signature": signBody(good, "x") }, /signature/],
  ["one altered byte", [403], Buffer.concat([good, Buffer.from(" ")]), signed(good), /signature/],
  ["an empty body", [401], nothing, signed(nothing), /empty/],
  ["an empty body without a Content-Type", [401], nothing, signed(nothing, {}), /Content-Type/],
  ["no Content-Type", [401], good, signed(good, {}), /Content-Type/],
];
const wrong: readonly Row[] = [
  [
    "no JSON",
    [400],
    Buffer.from("<x/>"),
    signed(Buffer.from("<x/>"), { "content-type": "text/plain" }),
    /V3/,
  ],
  ["a list", [400], Buffer.from("[]"), signed(Buffer.from("[]")), /V3/],
  ["no event", [400], Buffer.from("{}"), signed(Buffer.from("{}")), /'event'/],
  ["a V2 payload", [400], bytesOf({ messages: [] }), signed(bytesOf({ messages: [] })), /V2.*V3/],
  ["too much", [413], large, json, /256|262144/],
  ["too much, of a length not told", [413], large, json, /256|262144/, { chunked: true }],
  ["GET", [405], nothing, {}, /POST/, { method: "GET" }],
  ["PUT", [405], good, signed(good), /POST/, { method: "PUT" }],
  ["another path", [404], good, signed(good), /not found/, { path: "/elsewhere" }],
];

describe.each(hosts)("%s", (_, start) => {
  let host: Host;
  beforeAll(async () => {
    host = await start();
  });
  afterAll(() => host.stop());

  for (const [sent, status, body, headers, says, how] of [...unsigned, ...wrong])
    it(`answers to ${sent} in ${status.join(" or ")}, in one line, and counts it`, async () => {
      const counted = () => host.said().split('"webhook.refused"').length;
      const before = counted();
      const answer = await send(host.url, body, headers, how);
      expect(status).toContain(answer.status);
      expect(answer.text.trim().split("\n")).toHaveLength(1);
      expect(JSON.parse(answer.text)).toEqual({ error: expect.stringMatching(says) });
      expect(answer.text).not.toMatch(/^\s+at |node_modules|\.[jt]s:\d/m);
      await expect.poll(counted).toBeGreaterThan(before);
    });

  it("answers to signed JSON that is broken in 400, without a stack", async () => {
    const broken = Buffer.from('{"event":');
    const { status, text } = await send(host.url, broken, signed(broken));
    expect(status).toBe(400);
    expect(text).not.toMatch(/node_modules|\bat .*[(:]\d|\.[jt]s:\d/);
  });

  it("answers to too much that claims to be JSON and is none in 413, before anybody parses it", async () => {
    const { status, text } = await send(host.url, Buffer.alloc(256 * 1024 + 1, "<"), json);
    expect(status).toBe(413);
    expect(text).not.toMatch(/node_modules|\bat .*[(:]\d|\.[jt]s:\d/);
  });

  it("ignores a signed event of a type that it does not know, and counts it; a ping is taken", async () => {
    const unknown = event("incident.something_new");
    expect(await send(host.url, unknown, signed(unknown))).toEqual({
      status: 200,
      text: '{"ignored":"incident.something_new"}\n',
    });
    await expect.poll(() => host.said()).toContain('"webhook.ignored"');
    const ping = event("pagey.ping");
    expect((await send(host.url, ping, signed(ping))).status).toBe(200);
  });

  it("still takes a good one after all that", async () => {
    expect(await send(host.url, good, signed(good))).toMatchObject({ status: 200 });
  });
});

describe("the archive answers 503, so that PagerDuty keeps the webhook,", () => {
  const answerOf = async (env: Readonly<Record<string, string>>): Promise<Answer> => {
    const host = await framework(env);
    try {
      return await send(host.url, good, signed(good));
    } finally {
      await host.stop();
    }
  };

  it("while no secret is configured", async () => {
    const home = join(folder, "no-secret");
    mkdirSync(home);
    const { status, text } = await answerOf({ MRDATA_TARGET: `local:${home}` });
    expect({ status, text }).toEqual({
      status: 503,
      text: expect.stringMatching(/^{"error":"no webhook secret/),
    });
  });

  it("while the bus cannot be opened", async () => {
    const home = join(folder, "no-bus");
    mkdirSync(localFiles(home).bus, { recursive: true });
    const { status, text } = await answerOf({
      MRDATA_TARGET: `local:${home}`,
      MRDATA_WEBHOOK_SECRET: SECRET,
    });
    expect({ status, text }).toEqual({ status: 503, text: expect.stringMatching(/^{"error":"not ready/) });
  });

  it("while Pub/Sub does not answer, within the 5 s that PagerDuty waits", async () => {
    const { status, text } = await answerOf({
      MRDATA_TARGET: "gcp:nowhere-at-all/(default)",
      MRDATA_WEBHOOK_SECRET: SECRET,
      // Nobody listens there.
      PUBSUB_EMULATOR_HOST: "127.0.0.1:1",
    });
    expect({ status, text }).toEqual({ status: 503, text: expect.stringMatching(/send again/) });
  });
});

afterAll(async () => {
  await archives;
  rmSync(folder, { recursive: true, force: true });
});
