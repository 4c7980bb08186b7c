import { describe, expect, test } from "vitest";
import { armed, held } from "../paging/plain-ledger.fixture.ts";
import { START, waiting } from "../paging/scripted-pagerduty.fixture.ts";
import { pageWaiting } from "./page-waiting.ts";
import { readUnreportedNotes } from "./read-unreported-notes.ts";
import { sweepContext } from "./sweep-context.fixture.ts";

const OLD = { createdAt: START - 60_000, assignedAt: START - 60_000 };
const disarm = {
  id: "N1",
  content: "mrdata: disarm",
  created_at: new Date(START).toISOString(),
  user: { id: "PROBIN", type: "user_reference" },
};
const swept = async (options: Parameters<typeof sweepContext>[0]) => {
  const begun = sweepContext({ lists: [[waiting("P1", OLD)]], notes: { P1: [disarm] }, ...options });
  await pageWaiting(begun.context, armed, { pollUntil: null });
  return begun;
};
const notes = ({ handled }: ReturnType<typeof sweepContext>) => handled.map(({ note }) => note);

describe("notes on incidents that the sweep paged before any webhook reported them", () => {
  test("are read once, and obeyed", async () => {
    const begun = await swept({});
    await readUnreportedNotes(begun.context);
    const calls = begun.did.length;
    await readUnreportedNotes(begun.context);
    expect(notes(begun)).toEqual(["mrdata: disarm"]);
    expect(begun.did).toHaveLength(calls);
  });

  test("are not read where a decision was stored: its webhooks arrive", async () => {
    const begun = await swept({ stored: [held("P1")], opened: 500 });
    await readUnreportedNotes(begun.context);
    expect(begun.did).toContain("page P1");
    expect(notes(begun)).toEqual([]);
  });

  test("wait while calls are needed for pages, and are left after ten minutes", async () => {
    const begun = await swept({});
    const busy = { ...begun.context, pager: { ...begun.context.pager, hasSpareCalls: () => false } };
    await readUnreportedNotes(busy);
    expect([notes(begun), begun.context.readNotes.unreported.size]).toEqual([[], 1]);
    await begun.clock.sleep(600_000);
    await readUnreportedNotes(busy);
    expect(begun.context.readNotes.unreported.size).toBe(0);
  });
});
