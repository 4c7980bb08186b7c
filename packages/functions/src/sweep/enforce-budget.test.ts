import { armedServices } from "@mrdata/platform";
import { expect, test } from "vitest";
import { armed, held, SERVICE } from "../paging/plain-ledger.fixture.ts";
import { START } from "../paging/scripted-pagerduty.fixture.ts";
import { enforceBudget } from "./enforce-budget.ts";
import { sweepContext } from "./sweep-context.fixture.ts";

/** Incidents that needed a human, twelve hours apart, with this many misses spread evenly among them. */
const trail = (real: number, misses: number) =>
  Array.from({ length: real }, (_, i) => ({
    incident: `PREAL${i}`,
    openedAt: START - (real - i) * 12 * 3_600_000,
    missed: Math.floor((i * misses) / real) !== Math.floor(((i - 1) * misses) / real),
  }));

function start(real: number, misses: number) {
  const { context, ...rest } = sweepContext({ stored: [held("P1")] });
  const ledger = {
    ...context.ledger,
    missCounts: async () => ({ misses, neededHuman: real }),
    missTrail: async () => trail(real, misses),
  };
  return { context: { ...context, ledger }, ...rest };
}

test("a miss rate certainly above the budget disarms everything, alarms, and releases what is held", async () => {
  const { context, ledger, did, logged } = start(60, 40);
  await enforceBudget(context, armed);
  expect((await ledger.settings()).disarmed).toMatchObject({ who: "Mr Data" });
  expect(logged.find(({ event }) => event === "budget.spent")).toMatchObject({
    severity: "CRITICAL",
    services: [SERVICE],
  });
  expect(did[0]).toBe("page P1");
});

test("a few misses among many do not", async () => {
  const { context, ledger, did } = start(100, 4);
  await enforceBudget(context, armed);
  expect(armedServices(await ledger.settings())).toEqual([SERVICE]);
  expect(did).toEqual([]);
});

test.each([
  ["evidence a third of the way to disarming", 40, 9],
  ["a share of 30 days at the budget", 100, 10],
])("%s is logged as a warning, once an hour, and disarms nobody", async (_, real, misses) => {
  const { context, ledger, logged } = start(real, misses);
  let now = START;
  const later = { ...context, clock: { ...context.clock, now: () => now } };
  const warnings = () => logged.filter(({ event }) => event === "budget.warned");
  await enforceBudget(later, armed);
  await enforceBudget(later, armed);
  expect(warnings()).toMatchObject([{ severity: "WARNING", misses, evidence: { misses } }]);
  now += 3_600_000;
  await enforceBudget(later, armed);
  expect(warnings()).toHaveLength(2);
  expect(armedServices(await ledger.settings())).toEqual([SERVICE]);
});

test("a few misses among many are no cause to warn", async () => {
  const { context, logged } = start(100, 4);
  await enforceBudget(context, armed);
  expect(logged.filter(({ event }) => event === "budget.warned")).toEqual([]);
});
