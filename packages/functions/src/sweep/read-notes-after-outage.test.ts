import { describe, expect, test } from "vitest";
import { BOT, START } from "../paging/scripted-pagerduty.fixture.ts";
import { readNotesAfterOutage } from "./read-notes-after-outage.ts";
import { sweepContext, type TestOptions } from "./sweep-context.fixture.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const note = (content: string, at: number, user = "PROBIN") => ({
  id: `N-${content}`,
  content,
  created_at: new Date(at).toISOString(),
  user: { id: user, type: "user_reference" },
});
const DISARM = note("mrdata: disarm", START + HOUR);

/** A sweep that could write at `START`, and does so again after an outage; what it did besides noting that. */
async function after(outageMs: number, options: TestOptions = {}) {
  const tested = sweepContext({
    annotations: [{ at: START + HOUR, incident: "P1", by: "PROBIN" }],
    notes: { P1: [note("looking", START + HOUR), DISARM] },
    ...options,
  });
  await readNotesAfterOutage(tested.context);
  await tested.clock.sleep(outageMs);
  return tested;
}

describe("what was said while the ledger took no writes", () => {
  test.each([15 * MINUTE, 2 * HOUR, 6 * HOUR, 6 * 24 * HOUR])(
    "for %i ms is obeyed once",
    async (outageMs) => {
      const at = START + outageMs - MINUTE;
      const { context, handled, clock } = await after(outageMs, {
        annotations: [{ at, incident: "P1", by: "PROBIN" }],
        notes: { P1: [note("mrdata: disarm", at)] },
      });
      await readNotesAfterOutage(context);
      expect(handled).toMatchObject([{ note: "mrdata: disarm", incident: "P1", occurredAt: at }]);
      await clock.sleep(20 * MINUTE);
      await readNotesAfterOutage(context);
      expect(handled).toHaveLength(1);
    },
  );

  test("for a few minutes is redelivered by its message, and costs no call", async () => {
    const { context, did } = await after(14 * MINUTE);
    await readNotesAfterOutage(context);
    expect(did).toEqual([]);
  });

  test("by the bot itself costs no read, and a note that permits something is not obeyed", async () => {
    const { context, handled, did } = await after(6 * HOUR, {
      annotations: [
        { at: START + HOUR, incident: "P1", by: BOT },
        { at: START + HOUR, incident: "P2", by: "PROBIN" },
      ],
      notes: { P1: [DISARM], P2: [note("mrdata: ok to hold", START + HOUR)] },
    });
    await readNotesAfterOutage(context);
    expect(handled).toEqual([]);
    expect(did.filter((one) => one.startsWith("notes"))).toEqual(["notes of P2"]);
  });

  test("is read when calls are to spare again, and two minutes later whether they are or not", async () => {
    const { context, handled, clock } = await after(6 * HOUR);
    const busy = { ...context, pager: { ...context.pager, hasSpareCalls: () => false } };
    await readNotesAfterOutage(busy);
    await clock.sleep(MINUTE);
    await readNotesAfterOutage(busy);
    expect(handled).toEqual([]);
    await clock.sleep(MINUTE);
    await readNotesAfterOutage(busy);
    expect(handled).toHaveLength(1);
    const other = await after(6 * HOUR);
    await readNotesAfterOutage(other.context);
    expect(other.handled).toHaveLength(1);
  });

  test("and cannot be obeyed yet is tried again by the next sweep, and keeps no other waiting", async () => {
    const both = ["P1", "P2"].map((incident) => ({ at: START + HOUR, incident, by: "PROBIN" }));
    const { context, handled } = await after(6 * HOUR, {
      annotations: both,
      notes: { P1: [DISARM], P2: [note("mrdata: never hold this", START + HOUR)] },
    });
    let fails = true;
    const failing = {
      ...context,
      handleNoteCommand: async (...[event, stored]: Parameters<typeof context.handleNoteCommand>) => {
        if (fails && event.incident === "P1") throw new Error("the ledger is down");
        await context.handleNoteCommand(event, stored);
      },
    };
    await expect(readNotesAfterOutage(failing)).rejects.toThrow("the ledger is down");
    expect(handled.map(({ incident }) => incident)).toEqual(["P2"]);
    fails = false;
    await readNotesAfterOutage(failing);
    expect(handled.map(({ incident }) => incident)).toEqual(["P2", "P1"]);
  });

  test("is nothing on a ledger that no sweep has written to", async () => {
    const { context, did } = sweepContext();
    await readNotesAfterOutage(context);
    expect(did).toEqual([]);
  });
});
