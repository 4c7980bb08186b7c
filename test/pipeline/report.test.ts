import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalStack, startLocalStack } from "@mrdata/functions";
import { signBody } from "@mrdata/pagerduty";
import { defaultSettings, systemClock, withMode } from "@mrdata/platform";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesOf, webhook } from "../support/webhooks.ts";

type Answered = { readonly status: number; readonly text: string; readonly headers: Record<string, unknown> };

/** Sends exactly these headers: fetch would set a Host of its own. */
const ask = (url: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const { hostname, port, pathname, search } = new URL(url);
    const sent = request({ hostname, port, path: `${pathname}${search}`, method, headers }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
    });
    sent.on("error", reject);
    sent.end();
  });

const SERVICE = "PSVC001";
const OPENED = Date.now() - 3_600_000;

describe("the report of the local stack", () => {
  let stack: LocalStack;
  let home: string;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "mrdata-report-"));
    stack = await startLocalStack({
      home,
      port: 0,
      clock: systemClock,
      log: () => {},
      env: { MRDATA_TIME_ZONE: "Asia/Tokyo" },
      sweeps: false,
    });
    for (const [at, type] of [
      [OPENED, "triggered"],
      [OPENED + 90_000, "resolved"],
    ] as const) {
      const body = bytesOf(webhook({ type, incident: "PREPORT1", at, service: SERVICE }));
      await fetch(stack.webhookUrl, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-pagerduty-signature": signBody(body, stack.secret),
        },
        body: new Uint8Array(body),
      });
      await stack.bus.idle();
    }
    await stack.ledger.noteFeedback((await stack.ledger.prediction("PREPORT1"))?.alertType ?? "", {
      allowed: false,
      who: "PROBIN",
      at: OPENED,
      incident: "PREPORT1",
    });
  });
  afterAll(async () => {
    await stack.close();
    rmSync(home, { recursive: true, force: true });
  });

  test("is on a listener of its own: on the webhook's port and the bus's there is no /report", async () => {
    expect((await ask(`${stack.url}/report`)).status).toBe(404);
    expect(new URL(stack.reportUrl).port).not.toBe(new URL(stack.url).port);
    const { hostname, port } = new URL(stack.reportUrl);
    expect(hostname).toBe("127.0.0.1");
    for (const path of ["receive", "respond", "record", "learn", ""])
      expect((await ask(`http://127.0.0.1:${port}/${path}`)).status).toBe(404);
  });

  test("shows what was decided, in the zone that is set, and may be asked for another", async () => {
    const { status, text, headers } = await ask(stack.reportUrl);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-security-policy": "frame-ancestors 'none'",
    });
    expect(text).toContain("(Asia/Tokyo)");
    expect(text).toContain('href="/report/incident/PREPORT1"');
    expect(text).toContain("location.reload()");
    const other = await ask(`${stack.reportUrl}?zone=Europe/Berlin&days=1&refresh=off`);
    expect(other.text).toContain("(Europe/Berlin)");
    expect(other.text).not.toContain("location.reload()");
    // What cannot be meant changes nothing.
    expect((await ask(`${stack.reportUrl}?zone=Mars%2FX&days=-3`)).text).toContain("(Asia/Tokyo)");
  });

  test("names what a note forbade, by whom, and what lifts it", async () => {
    const { text } = await ask(stack.reportUrl);
    expect(text).toMatch(/forbidden by PROBIN on [\s\S]*?<code>mrdata: ok to hold<\/code>/);
  });

  test("has a page for each incident and each alarm, and a sentence for what is not there", async () => {
    const incident = await ask(`${stack.reportUrl}/incident/PREPORT1`);
    expect(incident.status).toBe(200);
    expect(incident.text).toContain("What was decided");
    const [, alarm = ""] = /href="(\/report\/alarm\/[^"]+)"/.exec(incident.text) ?? [];
    const shown = await ask(new URL(alarm, stack.reportUrl).href);
    expect(shown.status).toBe(200);
    expect(shown.text).toContain("1 incident, the oldest first: 1 resolved themselves");
    for (const path of [
      "incident/PNONE",
      "alarm/PNONE:1",
      "incident/",
      "x",
      "incident/%E0%A4%A",
      "incident/a/b",
    ]) {
      const { status, text } = await ask(`${stack.reportUrl}/${path}`);
      expect(status, path).toBe(404);
      expect(text, path).toContain("Nothing is known of that");
    }
  });

  test("a foreign Host or Origin is refused, and so is whatever is not GET", async () => {
    const { port } = new URL(stack.reportUrl);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1",
      `localhost.evil.example:${port}`,
    ])
      expect((await ask(stack.reportUrl, { host })).status, host).toBe(421);
    for (const origin of ["https://evil.example", "null", `https://127.0.0.1:${port}`, "http://127.0.0.1:1"])
      expect((await ask(stack.reportUrl, { origin })).status, origin).toBe(403);
    expect((await ask(stack.reportUrl, { host: `localhost:${port}` })).status).toBe(200);
    for (const method of ["POST", "PUT", "DELETE", "PATCH"])
      expect((await ask(stack.reportUrl, {}, method)).status, method).toBe(405);
  });

  test("says what held and what did not of settings that changed meanwhile, service by service", async () => {
    const by = { who: "robin", at: OPENED, why: "<why>" };
    await stack.ledger.saveSettings(
      withMode(defaultSettings, SERVICE, { mode: "armed", policy: "PARMED" }, by),
    );
    const { text } = await ask(`${stack.reportUrl}?days=2`);
    expect(text).toContain("by robin: &lt;why&gt;");
    expect(text).toContain("The checks have not been made yet.");
  });
});
