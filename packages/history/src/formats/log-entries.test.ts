import { expect, test } from "vitest";
import { asRead, lines } from "./as-read.fixture.ts";

test("log entries alone are an incident, also as API objects", async () => {
  const entry = (type: string, minute: number) => ({
    id: `R${minute}`,
    type: `${type}_log_entry`,
    created_at: `2026-03-02T03:0${minute}:00Z`,
    agent: { id: "PSVC001", type: "service_reference" },
    channel: { type: "api" },
    service: { id: "PSVC001", summary: "Shop" },
    incident: { id: "Q1", summary: "[#7] Down" },
  });
  const told = [entry("trigger", 0), entry("resolve", 4)];
  for (const text of [
    lines(...told),
    JSON.stringify({ log_entries: told }),
    lines({ log_entry: told[0] }, told[1]),
  ])
    expect((await asRead(text)).byId.Q1).toMatchObject({ title: "Down", resolvedBy: "integration" });
});
