import type { IncidentEvent, IncidentSnapshot } from "@mrdata/incident";
import { createLedger, defaultSettings, disarmAll, type Settings, withMode } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, onTestFinished, test } from "vitest";
import { BOT, START } from "../paging/scripted-pagerduty.fixture.ts";
import { createGather } from "./decision-inputs.ts";

const MINUTE = 60_000;
const WINDOW = 5 * MINUTE;
const SERVICE = "PDATABASE";
const decided = { who: "PROBIN", at: START, why: "a test" };
const armed = withMode(defaultSettings, SERVICE, { mode: "armed", policy: "PARMED" }, decided);
const shadow = withMode(defaultSettings, SERVICE, { mode: "shadow", policy: null }, decided);

/**
 * The checks that an opening finds unknown, `age` milliseconds after its service was given its mode; no sweep has ever
 * run.
 */
async function unknownAfter(age: number, settings: Settings, checks: boolean): Promise<readonly string[]> {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  onTestFinished(() => ledger.close());
  const now = START + age;
  const snapshot: IncidentSnapshot = {
    title: "Disk full",
    service: SERVICE,
    serviceName: "Database",
    status: "triggered",
    urgency: "high",
    priority: null,
    assignees: [BOT],
    escalationPolicy: "PARMED",
    teams: [],
    number: null,
    htmlUrl: null,
    createdAt: now,
  };
  const event: IncidentEvent = {
    id: "E1",
    incident: "P1",
    type: "triggered",
    occurredAt: now,
    actor: "integration",
    actorId: null,
    snapshot,
    note: null,
    mergedInto: null,
  };
  const gather = createGather({ ledger, log: () => {} }, { windowMs: WINDOW, bot: BOT, checks });
  const { circumstances } = await gather(event, snapshot, {
    details: { texts: {}, numbers: {} },
    looksAtNames: false,
    settings: Promise.resolve(settings),
    now,
  });
  return (circumstances.unknownChecks ?? []).map(({ check }) => check);
}

test("an armed service is relied on for 15 minutes from its arming where no sweep has ever made a check, and no longer", async () => {
  for (const age of [0, 1, 14]) expect(await unknownAfter(age * MINUTE, armed, true)).toEqual([]);
  for (const age of [15, 16, 60, 24 * 60])
    expect(await unknownAfter(age * MINUTE, armed, true)).toEqual(["all"]);
});

test("a bot configured without checks waits for none, and unarmed services need none", async () => {
  expect(await unknownAfter(60 * MINUTE, armed, false)).toEqual([]);
  expect(await unknownAfter(60 * MINUTE, shadow, true)).toEqual([]);
  expect(await unknownAfter(60 * MINUTE, disarmAll(armed, decided), true)).toEqual([]);
});
