import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalStack, startLocalStack } from "@mrdata/functions";
import { signBody } from "@mrdata/pagerduty";
import { defaultSettings, type LogEntry, systemClock, withMode, writePushEnvelope } from "@mrdata/platform";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byTest } from "../simulation/armed-service.ts";
import { ROBIN, SERVICE } from "../simulation/small-account.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

type Headers = Readonly<Record<string, string>>;
type Sent = { readonly status: number; readonly text: string };

/** Sends exactly these headers: fetch would set a Host of its own. */
const send = (url: string, body: string, headers: Headers, method = "POST"): Promise<Sent> =>
  new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url);
    const sent = request(
      { hostname, port, path: pathname, method, headers: { "content-type": "application/json", ...headers } },
      (answer) => {
        let text = "";
        answer.on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });

const disarming = bytesOf(
  webhook({
    type: "annotated",
    incident: "PFORGED",
    at: Date.now(),
    agent: { id: ROBIN, type: "user_reference", summary: "Robin" },
    note: "mrdata: disarm",
  }),
);
/** What the bus would push, and the emulator of Pub/Sub for that matter. */
const forged = (data: Buffer): string =>
  writePushEnvelope({
    data,
    messageId: "1",
    attributes: {},
    orderingKey: "",
    publishTime: Date.now(),
    subscription: "projects/local/subscriptions/forged",
    deliveryAttempt: 1,
  });

type Running = { readonly stack: LocalStack; readonly logged: LogEntry[]; end(): Promise<void> };

async function start(): Promise<Running> {
  const home = mkdtempSync(join(tmpdir(), "mrdata-doors-"));
  const logged: LogEntry[] = [];
  const stack = await startLocalStack({
    home,
    port: 0,
    clock: systemClock,
    log: (entry) => logged.push(entry),
    env: {},
    sweeps: false,
  });
  await stack.ledger.saveSettings(
    withMode(defaultSettings, SERVICE, { mode: "armed", policy: "PARMED" }, { ...byTest, at: 0 }),
  );
  return {
    stack,
    logged,
    async end() {
      await stack.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

describe("the local stack", () => {
  let running: Running;
  let other: Running;
  beforeAll(async () => {
    running = await start();
    other = await start();
  });
  afterAll(async () => {
    await running.end();
    await other.end();
  });

  /** The secret that a bus really shows, caught on its way to a listener of the test's own. */
  const stillArmed = async () => {
    const { disarmed, services } = await running.stack.ledger.settings();
    expect({ disarmed, mode: services[SERVICE]?.mode }).toEqual({ disarmed: null, mode: "armed" });
    const events = (await running.stack.ledger.incident("PFORGED"))?.events ?? [];
    expect(events).toEqual([]);
  };

  test.each(["respond", "record", "sweep", "", "receive/../respond", "RESPOND", "respond/", "serve.json"])(
    "has nothing at /%s of the port that may be exposed, signed or not",
    async (path) => {
      for (const body of [forged(disarming), disarming.toString()]) {
        const signature = signBody(Buffer.from(body), running.stack.secret);
        const { status } = await send(`${running.stack.url}/${path}`, body, {
          "x-pagerduty-signature": signature,
        });
        expect(status).toBe(404);
      }
      await stillArmed();
    },
  );

  test.each<[string, Headers, number]>([
    ["without a secret", {}, 401],
    ["with an empty secret", { authorization: "Bearer " }, 401],
    ["with a wrong secret", { authorization: "Bearer nobody-knows-it" }, 401],
    ["with the scheme alone", { authorization: "Basic bm9ib2R5" }, 401],
    ["by a name that resolves to loopback", { host: "attacker.example" }, 421],
    ["by loopback's name and another port", { host: "127.0.0.1:1" }, 421],
    ["from a web page", { origin: "https://attacker.example" }, 403],
    ["from a page of this machine", { origin: "http://localhost:3000" }, 403],
    ["from a page without an origin", { origin: "null" }, 403],
  ])("refuses a push %s", async (_, headers, status) => {
    for (const path of ["respond", "record", "receive", "elsewhere"])
      expect((await send(`${running.stack.pushUrl}/${path}`, forged(disarming), headers)).status).toBe(
        status,
      );
    await stillArmed();
  });

  test("refuses the webhook's own signing secret at the bus's listener", async () => {
    const { secret, pushUrl } = running.stack;
    const headers = {
      authorization: `Bearer ${secret}`,
      "x-pagerduty-signature": signBody(disarming, secret),
    };
    expect((await send(`${pushUrl}/respond`, forged(disarming), headers)).status).toBe(401);
    await stillArmed();
  });

  test("takes what its own bus brings, and keeps that bus's secret out of every log and file", async () => {
    const { stack, logged } = running;
    const body = bytesOf(webhook({ type: "triggered", incident: "PREAL", at: Date.now() }));
    const headers = { "x-pagerduty-signature": signBody(body, stack.secret) };
    expect((await send(stack.webhookUrl, body.toString(), headers)).status).toBe(200);
    await stack.bus.idle();
    expect(await stack.ledger.prediction("PREAL")).not.toBeNull();
    expect((await stack.ledger.incident("PREAL"))?.events).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toMatch(/bearer/i);
    expect(logged).toContainEqual(expect.objectContaining({ event: "push.refused", reason: "secret" }));
  });

  test("refuses a web page at the webhook too, and takes a tunnel's Host there", async () => {
    const body = bytesOf(webhook({ type: "triggered", incident: "PTUNNEL", at: Date.now() }));
    const signed = { "x-pagerduty-signature": signBody(body, running.stack.secret) };
    const post = (headers: Headers) =>
      send(running.stack.webhookUrl, body.toString(), { ...signed, ...headers });
    expect((await post({ origin: "https://attacker.example" })).status).toBe(403);
    expect((await post({ host: "hooks.example.com" })).status).toBe(200);
  });
});

test("the secret of another run opens nothing: each bus has its own", async () => {
  const [one, two] = [await start(), await start()];
  try {
    const shown = await secretShownBy(one);
    expect(shown).toMatch(/^Bearer [\w-]{43}$/);
    const push = (url: string) => send(`${url}/respond`, forged(disarming), { authorization: shown });
    expect((await push(two.stack.pushUrl)).status).toBe(401);
    expect((await two.stack.ledger.settings()).disarmed).toBeNull();
    // The same words, shown where they belong, are heard: the test knows what it sends.
    expect((await push(one.stack.pushUrl)).status).toBe(204);
    expect((await one.stack.ledger.settings()).disarmed).not.toBeNull();
  } finally {
    await one.end();
    await two.end();
  }
});

/** What a stack's bus shows, seen from inside this process by whoever watches its requests. */
async function secretShownBy({ stack }: Running): Promise<string> {
  const { channel } = await import("node:diagnostics_channel");
  const started = channel("http.client.request.start");
  const { promise, resolve } = Promise.withResolvers<string>();
  const watch = (message: unknown): void => {
    if (typeof message !== "object" || message === null || !("request" in message)) return;
    const { request: sent } = message;
    if (typeof sent !== "object" || sent === null || !("getHeader" in sent)) return;
    if (typeof sent.getHeader !== "function") return;
    const shown: unknown = sent.getHeader("authorization");
    if (typeof shown === "string") resolve(shown);
  };
  started.subscribe(watch);
  try {
    const body = bytesOf(webhook({ type: "triggered", incident: "PWATCHED", at: Date.now() }));
    await send(stack.webhookUrl, body.toString(), {
      "x-pagerduty-signature": signBody(body, stack.secret),
    });
    return await promise;
  } finally {
    started.unsubscribe(watch);
  }
}
