import { noteCommands } from "@mrdata/incident";
import { describe, expect, test } from "vitest";
import { held } from "../paging/plain-ledger.fixture.ts";
import { BOT, START, waiting } from "../paging/scripted-pagerduty.fixture.ts";
import { readWaitingNotes } from "./read-waiting-notes.ts";
import { sweepContext } from "./sweep-context.fixture.ts";

const note = (content: string, user = "PROBIN") => ({
  id: `N-${content}`,
  content,
  created_at: new Date(START).toISOString(),
  user: { id: user, type: "user_reference" },
});
const commands = (handled: readonly { readonly note: string | null }[]) => handled.map((one) => one.note);

describe("notes on what waits, where webhooks are lost", () => {
  test("that make the bot more careful are obeyed once, and page the incident", async () => {
    const { context, did, handled } = sweepContext({
      stored: [held("P1")],
      notes: { P1: [note("looking"), note("mrdata: disarm")] },
    });
    await readWaitingNotes(context, [waiting("P1")]);
    await readWaitingNotes(context, [waiting("P1")]);
    expect(commands(handled)).toEqual(["mrdata: disarm"]);
    expect(did.filter((one) => one === "page P1")).toHaveLength(1);
  });

  test("of the bot itself, and those that make it less careful, are not", async () => {
    const { context, handled } = sweepContext({
      notes: { P1: [note("mrdata: disarm", BOT), note("mrdata: ok to hold")] },
    });
    await readWaitingNotes(context, [waiting("P1")]);
    expect(handled).toEqual([]);
  });

  test.each([
    ["a person", { id: "PROBIN", type: "user_reference" }, ["disarm", "never hold this", "real"]],
    ["a known program", { id: "PSRE", type: "user_reference" }, ["disarm"]],
    ["no user", null, ["disarm"]],
    ["the bot itself", { id: BOT, type: "user_reference" }, []],
  ] as const)("by %s: what is obeyed of all words", async (_, user, obeyed) => {
    const { context, handled } = sweepContext({
      notes: { P1: noteCommands.map((word) => ({ ...note(`mrdata: ${word}`), user })) },
    });
    const identity = { ...context.identity, automationUsers: ["PSRE"] };
    await readWaitingNotes({ ...context, identity }, [waiting("P1")]);
    expect(commands(handled).toSorted()).toEqual(obeyed.map((word) => `mrdata: ${word}`));
  });

  test("cost one call an incident, of a hundred incidents at a time, and all have their turn", async () => {
    const { context, did } = sweepContext();
    const all = Array.from({ length: 150 }, (_, i) => waiting(`P${i}`));
    await readWaitingNotes(context, all);
    expect(did).toHaveLength(100);
    await readWaitingNotes(context, all);
    expect(new Set(did).size).toBe(150);
  });

  test.each([15, 40, 89])(
    "of which %d can be read a minute all have their turn, and the rest is reported",
    async (count) => {
      const begun = sweepContext();
      const read = new Set<string>();
      let readable = 0;
      const notes = {
        addNote: async () => {},
        async listNotes(id: string) {
          if (readable-- <= 0) throw new Error("PagerDuty does not answer");
          read.add(id);
          return [];
        },
      };
      const all = Array.from({ length: 90 }, (_, i) => waiting(`P${i}`));
      for (let sweep = 0; sweep < Math.ceil(90 / count); sweep++) {
        readable = count;
        await readWaitingNotes({ ...begun.context, notes }, all).catch(() => {});
      }
      expect(read.size).toBe(90);
      expect(begun.logged.find(({ event }) => event === "notes.left")).toMatchObject({
        incidents: 90 - count,
      });
    },
  );
});
