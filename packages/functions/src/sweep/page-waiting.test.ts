import { disarmAll } from "@mrdata/platform";
import { describe, expect, test } from "vitest";
import { armed, held, paged } from "../paging/plain-ledger.fixture.ts";
import { START, waiting } from "../paging/scripted-pagerduty.fixture.ts";
import { pageWaiting } from "./page-waiting.ts";
import { none, sweepContext } from "./sweep-context.fixture.ts";

const OLD = { createdAt: START - 60_000, assignedAt: START - 60_000 };
const WAIT = { pollUntil: START + 40_000 };
const pagesOf = (did: readonly string[]) => did.filter((one) => one.startsWith("page "));

describe("what waits on the bot", () => {
  test("without a hold is paged, with a decision and a note", async () => {
    const { context, ledger, did } = sweepContext({ lists: [[waiting("P1", OLD)]] });
    expect(await pageWaiting(context, armed, WAIT)).toMatchObject({ waiting: 1, paged: 1, failures: [] });
    expect(ledger.predictions.get("P1")).toMatchObject({ decidedBy: "sweep", taken: { action: "paged" } });
    expect(did).toContain("note on P1");
  });

  test("with a live hold is left alone", async () => {
    const { context, did } = sweepContext({ lists: [[waiting("P1", OLD)]], stored: [held("P1")] });
    const { paged: count, kept } = await pageWaiting(context, armed, WAIT);
    expect([count, did, kept.map(({ id }) => id)]).toEqual([0, [], ["P1"]]);
  });

  test.each([
    ["in a storm", { opened: 500 }, OLD, armed],
    ["when it was lowered", {}, { ...OLD, urgency: "low" }, armed],
    ["when it came back to the bot", {}, { ...OLD, assignedAt: START - 1_000 }, armed],
    ["after the bot was disarmed", {}, OLD, disarmAll(armed, { who: "PROBIN", at: START, why: "a test" })],
    ["with settings that cannot be read", {}, OLD, null],
  ])("with a live hold is paged %s", async (_, options, change, settings) => {
    const { context, ledger, did } = sweepContext({
      ...options,
      lists: [[waiting("P1", change)]],
      stored: [held("P1")],
    });
    await pageWaiting(context, settings, WAIT);
    expect(pagesOf(did)).toEqual(["page P1"]);
    expect(ledger.predictions.get("P1")).toMatchObject({ taken: { action: "paged" }, ended: {} });
  });

  test("is paged whatever of the ledger fails", async () => {
    const { context, ledger, did } = sweepContext({ lists: [[waiting("P1", OLD)]], stored: [held("P1")] });
    ledger.fails.add("all");
    const { failures } = await pageWaiting(context, armed, WAIT);
    expect(pagesOf(did)).toEqual(["page P1"]);
    expect(failures.length).toBeGreaterThan(0);
  });

  test("and has just opened is left for fifteen seconds to whoever is deciding on it", async () => {
    const { context, did, clock } = sweepContext({ lists: [[waiting("P1"), waiting("P2", OLD)]] });
    await pageWaiting(context, armed, WAIT);
    expect(pagesOf(did)).toEqual(["page P2", "page P1"]);
    expect(clock.now() - START).toBeGreaterThanOrEqual(15_000);
  });

  test("and says that it opened in the future is paged fifteen seconds later, whatever it says", async () => {
    const future = START + 400 * 24 * 3_600_000;
    const { context, did, clock } = sweepContext({
      lists: [[waiting("P1", { createdAt: future, assignedAt: future })]],
    });
    await pageWaiting(context, armed, WAIT);
    expect(pagesOf(did)).toEqual(["page P1"]);
    expect(clock.now() - START).toBeLessThan(20_000);
  });

  test("and has just opened is not read again where it was paged meanwhile", async () => {
    const young = Array.from({ length: 100 }, (_, i) => waiting(`P${i}`));
    const { context, did } = sweepContext({ lists: [young, young.slice(0, 2)] });
    expect(await pageWaiting(context, armed, WAIT)).toMatchObject({ waiting: 100, paged: 2, kept: [] });
    expect(did.filter((one) => !one.startsWith("note"))).toEqual(["page P0", "page P1"]);
  });

  test("and opened after a poll is found by the next, while any is young, for forty seconds", async () => {
    const open = (id: string, seconds: number) => {
      const at = START + seconds * 1_000;
      return waiting(id, { createdAt: at, assignedAt: at });
    };
    const [one, two, three, four] = [open("P1", -1), open("P2", 10), open("P3", 25), open("P4", 41)];
    const { context, did, clock } = sweepContext({ lists: [[one], [one, two], [two, three], [three, four]] });
    await pageWaiting(context, armed, WAIT);
    expect(pagesOf(did)).toEqual(["page P1", "page P2", "page P3"]);
    expect(clock.now() - START).toBeLessThan(45_000);
  });

  test("and has just opened is left alone by a poll that another follows", async () => {
    const { context, did } = sweepContext({ lists: [[waiting("P1"), waiting("P2", OLD)]] });
    await pageWaiting(context, armed, { pollUntil: null });
    expect(pagesOf(did)).toEqual(["page P2"]);
  });

  test("one that cannot be paged keeps no other waiting", async () => {
    const { context, did } = sweepContext({
      lists: [[waiting("P1", OLD), waiting("P2", OLD)]],
      pageIfWaiting: async (incident) => {
        if (incident === "P1") throw new Error("PagerDuty is down");
        return { action: "paged", sentence: "Escalated.", at: START };
      },
    });
    expect(await pageWaiting(context, armed, WAIT)).toMatchObject({
      paged: 1,
      failures: [expect.any(Error)],
    });
    expect(pagesOf(did)).toHaveLength(2);
  });

  test("assigned by hand gets a note once, and is never paged for", async () => {
    const byHand = waiting("P1", { ...OLD, assignedVia: "direct_assignment" });
    const { context, ledger, did } = sweepContext({ lists: [[byHand]], pageIfWaiting: async () => none });
    await pageWaiting(context, armed, WAIT);
    await pageWaiting(context, armed, WAIT);
    expect(did.filter((one) => one === "note on P1")).toHaveLength(1);
    expect(ledger.predictions.get("P1")).toMatchObject({ taken: { action: "none" } });
  });

  test("assigned by hand gets its note from one of two deployments that sweep concurrently", async () => {
    const byHand = waiting("P1", { ...OLD, assignedVia: "direct_assignment" });
    const { context, did } = sweepContext({ lists: [[byHand]], pageIfWaiting: async () => none });
    const beside = { ...context, notifiedAssigned: new Set<string>() };
    await Promise.all([pageWaiting(context, armed, WAIT), pageWaiting(beside, armed, WAIT)]);
    expect(did.filter((one) => one === "note on P1")).toHaveLength(1);
    // The other has not notified, and would try again.
    expect(context.notifiedAssigned.size + beside.notifiedAssigned.size).toBe(1);
  });
});

test("a page that could not be written down is written when the ledger answers", async () => {
  const { context, ledger } = sweepContext({ lists: [[waiting("P1", OLD)]] });
  ledger.fails.add("createPrediction");
  await pageWaiting(context, armed, WAIT);
  await expect(context.unrecorded.write()).rejects.toThrow("the ledger is down");
  ledger.fails.clear();
  await context.unrecorded.write();
  expect(ledger.predictions.get("P1")).toMatchObject({ taken: { action: "paged" } });
});

test("another process's decision, stored at the same moment, is kept", async () => {
  const { context, ledger } = sweepContext({ lists: [[waiting("P1", OLD)]], stored: [paged("P1")] });
  await pageWaiting(context, armed, WAIT);
  expect(ledger.predictions.get("P1")).toMatchObject({ decidedBy: "sweep", taken: { action: "paged" } });
});
