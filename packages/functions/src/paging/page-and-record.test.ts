import type { ActionTaken, Prediction } from "@mrdata/incident";
import type { LogEntry } from "@mrdata/platform";
import { describe, expect, test } from "vitest";
import { pageAndRecord, pageIfThisFails } from "./page-and-record.ts";
import { held, paged, plainLedger } from "./plain-ledger.fixture.ts";
import { jumpingClock, START, waiting } from "./scripted-pagerduty.fixture.ts";

const taken: ActionTaken = { action: "paged", sentence: "Escalated to level 2.", at: START + 1_000 };
const untouched: ActionTaken = { action: "none", sentence: "The incident is acknowledged.", at: START };

function start(stored: readonly Prediction[], page: () => Promise<ActionTaken> = async () => taken) {
  const ledger = plainLedger({ stored });
  const did: string[] = [];
  const logged: LogEntry[] = [];
  const context = {
    ledger: {
      ...ledger,
      async createPrediction(prediction: Prediction) {
        did.push("write");
        return ledger.createPrediction(prediction);
      },
    },
    clock: jumpingClock(),
    log: (entry: LogEntry) => logged.push(entry),
    pager: {
      hasSpareCalls: () => true,
      async pageIfWaiting() {
        did.push("page");
        return page();
      },
    },
    notes: {
      listNotes: async () => [],
      async addNote(incident: string) {
        did.push(`note on ${incident}`);
      },
    },
  };
  return { context, ledger, did, logged };
}

const request = (change: Partial<Parameters<typeof pageAndRecord>[1]> = {}) => ({
  incident: "P0",
  snapshot: null,
  stored: null,
  why: "a test",
  decision: (done: ActionTaken) => paged("P0", { taken: done }),
  ...change,
});

describe("paging and writing it down", () => {
  test("pages first, writes after, and leaves the note last", async () => {
    const { context, ledger, did } = start([]);
    expect(await pageAndRecord(context, request())).toEqual({ taken, isNews: true });
    expect(did).toEqual(["page", "write", "note on P0"]);
    expect(ledger.predictions.get("P0")).toMatchObject({ decision: "page", taken });
  });

  test("leaves the note out where the calls are needed for pages", async () => {
    const { context, did, logged } = start([]);
    const pager = { ...context.pager, hasSpareCalls: () => false };
    await pageAndRecord({ ...context, pager }, request());
    expect(did).toEqual(["page", "write"]);
    expect(logged).toContainEqual(expect.objectContaining({ event: "note.skipped", incident: "P0" }));
  });

  test("ends a hold and notes the page on it, and leaves no second note", async () => {
    const hold = held("P0");
    const { context, ledger, did } = start([hold]);
    expect(await pageAndRecord(context, request({ stored: hold }))).toMatchObject({ isNews: true });
    expect(ledger.predictions.get("P0")).toMatchObject({ taken, ended: { at: taken.at, why: "a test" } });
    expect(did).toEqual(["page"]);
  });

  test("ends a hold that another delivery stored meanwhile, also where nothing was paged any more", async () => {
    const { context, ledger } = start([held("P0")], async () => untouched);
    await pageAndRecord(context, request());
    expect(ledger.predictions.get("P0")?.ended).toMatchObject({ why: "a test" });
  });

  test("comes again without a second decision or note", async () => {
    const { context, ledger, did } = start([]);
    await pageAndRecord(context, request());
    const stored = ledger.predictions.get("P0") ?? null;
    expect(await pageAndRecord(context, request({ stored }))).toMatchObject({ isNews: false });
    expect(did.filter((one) => one.startsWith("note"))).toHaveLength(1);
  });

  test("of a page that failed writes the failure, ends the hold, and throws", async () => {
    const failing = async () => {
      throw new Error("PagerDuty is down");
    };
    const fresh = start([], failing);
    const reading = { incident: waiting("P0"), at: START };
    await expect(pageAndRecord(fresh.context, request({ reading }))).rejects.toThrow("PagerDuty is down");
    expect(fresh.ledger.predictions.get("P0")?.taken).toMatchObject({
      sentence: "Paging failed: PagerDuty is down.",
      failed: true,
    });
    const hold = held("P0");
    const holding = start([hold], failing);
    await expect(pageAndRecord(holding.context, request({ stored: hold }))).rejects.toThrow();
    expect(holding.ledger.predictions.get("P0")?.ended).toBeDefined();
  });

  test("has paged before a failing ledger throws", async () => {
    const { context, ledger, did } = start([]);
    ledger.fails.add("all");
    await expect(pageAndRecord(context, request())).rejects.toThrow("the ledger is down");
    expect(did[0]).toBe("page");
  });
});

describe("what fails on the way to a decision", () => {
  test("pages first, and is thrown afterwards", async () => {
    const { context, ledger, did } = start([held("P0")]);
    const event = { incident: "P0", snapshot: null, occurredAt: START };
    const failing = pageIfThisFails(context, event, async () => {
      throw new Error("no model");
    });
    await expect(failing).rejects.toThrow("no model");
    expect(did).toEqual(["page"]);
    expect(ledger.predictions.get("P0")).toMatchObject({ taken, ended: { why: expect.any(String) } });
  });

  test("pages although the ledger fails too, and reports that it could not be written", async () => {
    const { context, ledger, logged } = start([held("P0")]);
    ledger.fails.add("all");
    const event = { incident: "P0", snapshot: null, occurredAt: START };
    const failing = pageIfThisFails(context, event, async () => {
      throw new Error("no model");
    });
    await expect(failing).rejects.toThrow("no model");
    expect(logged.map(({ event: name }) => name)).toContain("action.unrecorded");
  });

  test("is nothing where nothing fails", async () => {
    const { context, did } = start([]);
    expect(
      await pageIfThisFails(context, { incident: "P0", snapshot: null, occurredAt: START }, async () => 7),
    ).toBe(7);
    expect(did).toEqual([]);
  });
});
