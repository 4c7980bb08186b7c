import type { Notification } from "@mrdata/simulator";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { narrateNotifications } from "./narrate-notifications.ts";

const AT = Date.parse("2026-03-02T03:00:00Z");
const account = {
  users: [
    { id: "PBOT", name: "Mr Data", email: "bot@example.com", bot: true },
    { id: "PROBIN", name: "Robin", email: "robin@example.com" },
  ],
  services: [
    {
      id: "PDATABASE",
      name: "Database",
      policyId: "P",
      urgency: "high" as const,
      autoResolveTimeout: null,
      acknowledgementTimeout: null,
    },
  ],
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function telling() {
  const said: string[] = [];
  const resolved = new Map<string, number>();
  let notify: (notification: Notification) => void = () => {};
  const pagerduty = {
    onNotified: (listener: typeof notify) => {
      notify = listener;
      return () => {};
    },
    incident: (id: string) => ({ title: "Disk full", resolvedAt: resolved.get(id) ?? null }),
  };
  const stop = narrateNotifications(
    pagerduty,
    account,
    { say: (line) => said.push(line), dim: String },
    "http://x",
  );
  const told = (user: string, incident: string): void =>
    notify({
      at: AT,
      user,
      incident,
      service: "PDATABASE",
      urgency: "high",
      level: 1,
      bot: user === "PBOT",
      why: "assigned",
    });
  return { said, resolved, told, stop };
}

test("an incident that clears while held is reported once as a success", () => {
  const { said, resolved, told, stop } = telling();
  told("PBOT", "P1");
  resolved.set("P1", AT + 90_000);
  vi.advanceTimersByTime(5_000);
  stop();
  const endings = said.filter((line) => line.includes("nobody was woken"));
  expect(endings).toEqual([
    "03:01:30  Held 90 s, cleared by itself, nobody was woken: Disk full (Database, P1)",
  ]);
});

test("an incident that a person was notified of is not a success; the note hint is printed once", () => {
  const { said, resolved, told, stop } = telling();
  told("PBOT", "P1");
  told("PROBIN", "P1");
  told("PBOT", "P2");
  resolved.set("P1", AT + 90_000);
  vi.advanceTimersByTime(5_000);
  stop();
  expect(said.filter((line) => line.includes("nobody was woken"))).toEqual([]);
  expect(said.filter((line) => line.includes("/incidents/P1/notes"))).toHaveLength(1);
  expect(said.filter((line) => line.includes("curl"))).toHaveLength(1);
});
