import { request } from "node:http";
import { createReceive } from "@mrdata/functions";
import { signBody } from "@mrdata/pagerduty";
import type { BusMessage, LogEntry } from "@mrdata/platform";
import { describe, expect, it } from "vitest";
import { withTestStack } from "../support/stack.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

const SECRET = "whsec-of-the-tests";
const triggered = () => bytesOf(webhook({ type: "triggered", incident: "PINC001", at: Date.now() }));

function receiver({ secret = SECRET as string | null, publish = async () => ({ messageId: "1" }) } = {}) {
  const logged: LogEntry[] = [];
  const handle = createReceive({
    bus: { publish },
    secrets: { get: async () => secret },
    log: (entry) => logged.push(entry),
  });
  const post = (body: Uint8Array, headers: Record<string, string> = {}, init: RequestInit = {}, path = "/") =>
    handle(
      new Request(`http://function${path}`, {
        method: "POST",
        headers,
        ...(body.byteLength > 0 ? { body: Buffer.from(body) } : {}),
        ...init,
      }),
    );
  return { post, logged };
}

const signed = (body: Uint8Array, secret = SECRET) => ({
  "content-type": "application/json",
  "x-pagerduty-signature": signBody(body, secret),
});

async function expectOneLineError(
  response: Pick<Response, "status" | "text">,
  status: number,
  text: RegExp,
): Promise<void> {
  const body = await response.text();
  expect(response.status).toBe(status);
  expect(body.trim().split("\n")).toHaveLength(1);
  expect(JSON.parse(body).error).toMatch(text);
  expect(body).not.toMatch(/\bat .*\.ts/);
}

describe("receive refuses what PagerDuty did not sign", () => {
  it.each([
    ["no signature", {}],
    ["an empty one", { "x-pagerduty-signature": "" }],
    ["a malformed one", { "x-pagerduty-signature": "v1=zz, nonsense" }],
    [
      "one of another version",
      { "x-pagerduty-signature": signBody(triggered(), SECRET).replace("v1=", "v2=") },
    ],
    ["one by another secret", { "x-pagerduty-signature": signBody(triggered(), "other") }],
  ])("%s", async (_, headers) => {
    const { post, logged } = receiver();
    const response = await post(triggered(), { "content-type": "application/json", ...headers });
    expect([401, 403]).toContain(response.status);
    await expectOneLineError(response, response.status, /signature/i);
    expect(logged).toMatchObject([{ event: "webhook.refused" }]);
  });
  it("an empty body, with and without a Content-Type", async () => {
    const empty = new Uint8Array();
    await expectOneLineError(await receiver().post(empty, signed(empty)), 401, /empty/);
    await expectOneLineError(
      await receiver().post(empty, { "x-pagerduty-signature": signBody(empty, SECRET) }),
      401,
      /Content-Type/,
    );
  });
  it("never shows the secret", async () => {
    const { post, logged } = receiver();
    const response = await post(triggered(), { "x-pagerduty-signature": `v1=${SECRET}` });
    expect((await response.text()) + JSON.stringify(logged)).not.toContain(SECRET);
  });
});

describe("receive and its surroundings", () => {
  it("answers 503 while no secret is configured, so that PagerDuty keeps the webhook", async () => {
    for (const secret of [null, "", "\n"])
      await expectOneLineError(
        await receiver({ secret }).post(triggered(), signed(triggered())),
        503,
        /secret/,
      );
  });
  it("accepts any of several secrets while one is rotated", async () => {
    const body = triggered();
    expect((await receiver({ secret: `new-one\n${SECRET}` }).post(body, signed(body))).status).toBe(200);
  });
  it("answers 503 when the bus is down, so that PagerDuty sends again", async () => {
    const publish = async () => {
      throw new Error("disk I/O error");
    };
    const body = triggered();
    await expectOneLineError(await receiver({ publish }).post(body, signed(body)), 503, /send again/);
  });
  it("answers 413 above 256 KB without checking the signature", async () => {
    const large = Buffer.alloc(256 * 1024 + 1, 0x20);
    await expectOneLineError(await receiver().post(large), 413, /256|262144/);
    const exact = Buffer.alloc(256 * 1024, 0x20);
    expect((await receiver().post(exact)).status).toBe(401);
  });
  it("answers 405 and 404", async () => {
    await expectOneLineError(await receiver().post(new Uint8Array(), {}, { method: "GET" }), 405, /POST/);
    await expectOneLineError(await receiver().post(triggered(), {}, {}, "/elsewhere"), 404, /path/);
  });
});

it("publishes the very bytes, in the order of their incident, with what tells them apart", async () => {
  const published: [string, BusMessage][] = [];
  const handle = createReceive({
    bus: {
      async publish(topic, message) {
        published.push([topic, message]);
        return { messageId: "1" };
      },
    },
    secrets: { get: () => SECRET },
    log: () => {},
  });
  const data = triggered();
  const headers = { ...signed(data), "x-webhook-id": "W1" };
  const body = Buffer.from(data);
  expect((await handle(new Request("http://function/", { method: "POST", headers, body }))).status).toBe(200);
  expect(published).toHaveLength(1);
  const [topic, message] = published[0] ?? [];
  expect(topic).toBe("pd-notify");
  expect(Buffer.from(message?.data ?? []).equals(data)).toBe(true);
  expect(message).toMatchObject({
    orderingKey: "PINC001",
    attributes: { incident: "PINC001", type: "triggered", webhook: "W1" },
  });
});

describe("receive names what was expected", () => {
  it.each([
    ["no JSON", Buffer.from("<xml/>"), /not JSON/],
    ["bytes that are no text", Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /not JSON/],
    ["a list", Buffer.from("[]"), /V3/],
    ["null", Buffer.from("null"), /V3/],
    ["no event", Buffer.from("{}"), /'event'/],
    ["a V2 payload", bytesOf({ messages: [{ event: "incident.trigger" }] }), /V2.*V3/],
    [
      "an event without a time",
      bytesOf({ event: { id: "1", event_type: "incident.triggered", data: {} } }),
      /occurred_at/,
    ],
  ])("in 400 for %s", async (_, body, text) => {
    const { post, logged } = receiver();
    await expectOneLineError(await post(body, signed(body)), 400, text);
    expect(logged).toMatchObject([{ event: "webhook.refused", status: 400 }]);
  });
});

describe("receive ignores with 200, because three refusals would disable the subscription", () => {
  it.each(["service.updated", "incident.something_new"])("%s", async (type) => {
    const { post, logged } = receiver();
    const body = bytesOf({
      event: {
        id: "E1",
        event_type: type,
        resource_type: "pagey",
        occurred_at: "2026-03-01T00:00:00Z",
        agent: null,
        data: { type: "ping" },
      },
    });
    expect((await post(body, signed(body))).status).toBe(200);
    expect(logged).toMatchObject([{ event: "webhook.ignored", type }]);
  });
});

describe("over real HTTP", () => {
  it("a body that never ends is cut off at the limit", () =>
    withTestStack(async ({ webhookUrl }) => {
      const status = await new Promise<number>((resolve, reject) => {
        const sent = request(
          webhookUrl,
          { method: "POST", headers: { "content-type": "application/json" } },
          (response) => resolve(response.statusCode ?? 0),
        );
        sent.on("error", reject);
        const chunk = Buffer.alloc(64 * 1024, 0x20);
        for (let i = 0; i < 12; i++) sent.write(chunk);
      });
      expect(status).toBe(413);
    }));
  it("an unknown path is 404 in JSON", () =>
    withTestStack(async ({ url }) => {
      for (const path of ["/nowhere", "//", "//elsewhere/receive"]) {
        const response = await fetch(`${url}${path}`);
        await expectOneLineError(response, 404, /not found/);
      }
    }));
});
