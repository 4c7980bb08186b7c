import type { Circumstances } from "@mrdata/responder";
import { expect, test } from "vitest";
import { held } from "../paging/plain-ledger.fixture.ts";
import { START } from "../paging/scripted-pagerduty.fixture.ts";
import { decideOpening } from "./decide-opening.ts";
import { recheckConcurrentHolds } from "./recheck-concurrent-holds.ts";
import { eventOf, opening, respondContext } from "./respond-context.fixture.ts";

/** The decision on the opening from its own event, and its hold beside what is stored by now. */
async function rechecked(others: number) {
  const hold = held("P0");
  const stored = [hold, ...Array.from({ length: others }, (_, i) => held(`P${i + 1}`))];
  const test = respondContext({ stored });
  const { circumstances } = await circumstancesOf();
  await recheckConcurrentHolds(test.context, hold, { decision: { circumstances } });
  return test;
}

async function circumstancesOf(): Promise<{ readonly circumstances: Circumstances }> {
  const { context } = respondContext();
  const decided = await decideOpening(context, opening, { again: false, acceptedAt: START });
  return decided.decision;
}

test("a hold beside few others stays, and gets its note", async () => {
  const { did, ledger } = await rechecked(0);
  expect(did).toEqual(["note P0"]);
  expect(ledger.predictions.get("P0")?.ended).toBeUndefined();
});

test("one of too many that were decided at the same time is paged", async () => {
  const { did, ledger } = await rechecked(40);
  expect(did[0]).toBe("page P0");
  expect(ledger.predictions.get("P0")?.ended).toBeDefined();
});

test("one whose end arrived first ended with it: nobody is paged, and there is nothing to report", async () => {
  const hold = held("P0");
  const { context, did, ledger } = respondContext({ stored: [hold] });
  const events = [eventOf("resolved", { occurredAt: START + 20_000 })];
  const told = { ...context, ledger: { ...context.ledger, incident: async () => ({ events }) } };
  await recheckConcurrentHolds(told, hold, { decision: await circumstancesOf() });
  expect(did).toEqual([]);
  expect(ledger.predictions.get("P0")?.ended).toEqual({ at: START + 20_000, why: "resolved by integration" });
});
