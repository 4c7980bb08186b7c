import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProbe, startLocalStack } from "@mrdata/functions";
import { probeBody, signBody } from "@mrdata/pagerduty";
import { type LogEntry, type Secrets, systemClock } from "@mrdata/platform";
import { requestOf } from "@mrdata/runtime";
import { expect, onTestFinished, test } from "vitest";
import { bytesOf, webhook } from "../support/webhooks.ts";

const PAGERDUTYS = "signing-secret-of-pagerduty";
const PROBES = "signing-secret-of-the-probe";
const AS_PROBE = { "x-mrdata-probe": "1" };

/** A local stack with both secrets, a token and a PagerDuty that notes who asks it. */
async function stackWithProbe(env: Readonly<Record<string, string>> = { MRDATA_PROBE_SECRET: PROBES }) {
  const home = mkdtempSync(join(tmpdir(), "mrdata-probe-"));
  const logged: LogEntry[] = [];
  const asked: string[] = [];
  const stack = await startLocalStack({
    home,
    port: 0,
    clock: systemClock,
    log: (entry) => logged.push(entry),
    env: {
      MRDATA_WEBHOOK_SECRET: PAGERDUTYS,
      MRDATA_PAGERDUTY_TOKEN: "token",
      MRDATA_BOT_USER: "PBOT001",
      ...env,
    },
    sweeps: false,
    fetch: async (url) => {
      asked.push(url);
      return new Response("{}", { status: 404 });
    },
  });
  onTestFinished(async () => {
    await stack.close();
    rmSync(home, { recursive: true, force: true });
  });
  const send = async (body: object, secret: string, headers: Readonly<Record<string, string>> = {}) => {
    const bytes = bytesOf(body);
    const response = await fetch(stack.webhookUrl, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-pagerduty-signature": signBody(bytes, secret),
        ...headers,
      },
      body: new Uint8Array(bytes),
    });
    await response.text();
    return response.status;
  };
  const probeWith = (secret: string | null) => {
    const secrets: Secrets = { get: () => secret };
    const log = (entry: LogEntry) => logged.push(entry);
    const ports = { secrets, clock: systemClock, log, fetch };
    return createProbe(ports, { webhookUrl: stack.webhookUrl })(
      requestOf("POST", "http://function/", {}, new Uint8Array()),
    );
  };
  const named = (event: string) => logged.filter((entry) => entry.event === event);
  return { ...stack, send, probeWith, named, logged, asked };
}

test("a probe goes the whole way, and no rail, record or call of PagerDuty's comes of it", async () => {
  const { probeWith, bus, ledger, named, logged, asked } = await stackWithProbe();
  expect((await probeWith(PROBES)).status).toBe(200);
  await bus.idle();
  for (const name of ["respond", "record"] as const) {
    expect(await ledger.lastSeen(`probe-${name}`)).toBeGreaterThan(0);
    expect(named("probe.heard")).toContainEqual(
      expect.objectContaining({ function: name, ageSeconds: expect.any(Number) }),
    );
  }
  // It counts in both objectives, in what was accepted and in what was in time.
  expect(named("opening.accepted")).toEqual([expect.objectContaining({ probe: "true" })]);
  expect([named("decision.in-time").length, named("page.in-time").length]).toEqual([1, 1]);
  expect(await ledger.predictions({ limit: 9 })).toEqual([]);
  expect(await ledger.organisationCounts(Date.now() + 1_000)).toEqual({ hour: 0, day: 0, week: 0 });
  for await (const past of ledger.pastIncidents()) expect.fail(`recorded ${past.state.incident}`);
  expect(await bus.deadLetters()).toEqual([]);
  expect(asked).toEqual([]);
  expect(logged.filter(({ severity }) => severity !== "INFO")).toEqual([]);
});

test("the probe's secret is good for probes alone, and PagerDuty's for none", async () => {
  const { send, bus, ledger, named } = await stackWithProbe();
  const at = Date.now();
  const probe = probeBody("PROBE1", at);
  const opening = webhook({ type: "triggered", incident: "P1", at });
  const others = [
    opening,
    { event: { id: "E1", event_type: "pagey.ping", data: {} } },
    webhook({ type: "annotated", incident: "P1", at, note: "mrdata: disarm" }),
    { event: { ...Object(probe).event, event_type: "incident.triggered" } },
    { event: 1 },
    [],
  ];
  for (const body of others) expect(await send(body, PROBES, AS_PROBE)).toBe(403);
  // By PagerDuty's secret there is no probe, whether it says that it is one or not.
  expect(await send(probe, PAGERDUTYS)).toBe(403);
  expect(await send(probe, PAGERDUTYS, AS_PROBE)).toBe(403);
  expect(await send(opening, PAGERDUTYS, AS_PROBE)).toBe(403);
  expect(named("webhook.refused").map(({ reason }) => reason)).toEqual(Array(9).fill("probe"));
  expect(await send(probe, PROBES, AS_PROBE)).toBe(200);
  expect(await send(opening, PAGERDUTYS)).toBe(200);
  await bus.idle();
  expect(named("opening.accepted").map(({ probe: is }) => is)).toEqual(["true", "false"]);
  expect((await ledger.incident("P1"))?.events).toHaveLength(1);
  expect((await ledger.settings()).disarmed).toBeNull();
});

test("a signature that does not fit is PagerDuty's alarm, unless it says that it comes from the probe", async () => {
  const { send, probeWith, named } = await stackWithProbe();
  const probe = probeBody("PROBE1", Date.now());
  expect(await send(probe, "another")).toBe(403);
  expect(await send(probe, PROBES)).toBe(403);
  expect((await probeWith("another")).status).toBe(503);
  expect(named("webhook.refused").map(({ reason }) => reason)).toEqual(["signature", "signature", "probe"]);
  expect(named("probe.failed")).toEqual([expect.objectContaining({ reason: "receive answered 403" })]);
});

test("without a probe's secret there are no probes, and PagerDuty's webhooks are taken as ever", async () => {
  const { send, probeWith } = await stackWithProbe({});
  expect((await probeWith(null)).status).toBe(503);
  for (const secret of ["", PROBES, PAGERDUTYS])
    expect(await send(probeBody("PROBE1", Date.now()), secret, AS_PROBE)).toBe(403);
  expect(await send(webhook({ type: "triggered", incident: "P1", at: Date.now() }), PAGERDUTYS)).toBe(200);
});
