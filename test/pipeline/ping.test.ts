import { expect, test } from "vitest";
import { withTestStack } from "../support/stack.ts";

const ping = {
  event: {
    id: "01PING",
    event_type: "pagey.ping",
    resource_type: "pagey",
    occurred_at: "2026-03-02T03:00:00.000Z",
    agent: null,
    client: null,
    data: { message: "Hello from your friend Pagey!", type: "ping" },
  },
};

test("a ping goes the whole way: in at receive, over the bus, counted, noted in the ledger, and nothing else comes of it", () =>
  withTestStack(async ({ send, ledger, bus, logged }) => {
    expect(await ledger.lastSeen("ping")).toBeNull();
    const before = Date.now();
    expect((await send(ping)).status).toBe(200);
    await bus.idle();
    expect(await ledger.lastSeen("ping")).toBeGreaterThanOrEqual(before);
    expect(await bus.deadLetters()).toEqual([]);
    expect(logged).toContainEqual({ severity: "INFO", event: "webhook.ignored", type: "pagey.ping" });
    expect(logged.filter(({ severity }) => severity !== "INFO")).toEqual([]);
  }));

test("a ping with another signature stays outside", () =>
  withTestStack(async ({ send, ledger, bus }) => {
    const { status } = await send(ping, { "x-pagerduty-signature": `v1=${"0".repeat(64)}` });
    expect(status).toBe(403);
    await bus.idle();
    expect(await ledger.lastSeen("ping")).toBeNull();
  }));
