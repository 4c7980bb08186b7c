import type { IncidentEvent } from "@mrdata/incident";
import { armedServices, type Decided, type LogEntry, UnreadableDocumentError } from "@mrdata/platform";
import { answerNotes } from "@mrdata/responder";
import { describe, expect, test } from "vitest";
import { plainLedger } from "../paging/plain-ledger.fixture.ts";
import { START } from "../paging/scripted-pagerduty.fixture.ts";
import { isDisarming, keepDisarming } from "./disarm-by-note.ts";

const disarm: IncidentEvent = {
  id: "E1",
  incident: "P1",
  type: "annotated",
  occurredAt: START,
  actor: "human",
  actorId: "PROBIN",
  note: "mrdata: disarm",
  mergedInto: null,
  snapshot: null,
};
const UNREADABLE = new UnreadableDocumentError("settings/bot", "schema", "is 3");
const DOWN = new Error("14 UNAVAILABLE");

type Fails = { readonly settings?: Error; readonly changeSettings?: Error; readonly noteDisarming?: Error };

/** A note is handled while these ledger calls fail. */
function hearing(fails: Fails) {
  const plain = plainLedger();
  const kept: Decided[] = [];
  const logged: LogEntry[] = [];
  const failing =
    <A extends unknown[], T>(failure: Error | undefined, call: (...of: A) => Promise<T>) =>
    async (...of: A): Promise<T> => {
      if (failure !== undefined) throw failure;
      return call(...of);
    };
  const ledger = {
    settings: failing(fails.settings, plain.settings),
    changeSettings: failing(fails.changeSettings, plain.changeSettings),
    noteDisarming: failing(fails.noteDisarming, async (decided: Decided) => {
      kept.push(decided);
    }),
  };
  const heard = keepDisarming(disarm, {
    ledger,
    log: (entry) => logged.push(entry),
  });
  return { heard, kept, logged, armedNow: async () => armedServices(await plain.settings()) };
}

describe("a note that disarms", () => {
  test("is stored in the settings where they can be read, and nowhere else", async () => {
    const { heard, kept, armedNow } = hearing({});
    expect(await heard).toMatchObject({ services: ["PSERVICE"], isReadable: true });
    expect(kept).toEqual([]);
    expect(await armedNow()).toEqual([]);
  });

  test("names what was armed after it was written, and stays armed", async () => {
    const ledger = plainLedger();
    const early = { ...disarm, occurredAt: 0 };
    const { services, armedSince } = await keepDisarming(early, { ledger, log: () => {} });
    expect([services, armedSince]).toEqual([[], ["PSERVICE"]]);
    expect(answerNotes.disarm(services, armedSince)).toMatch(/it disarmed nothing\. STILL ARMED.* PSERVICE/);
  });

  test.each([{ settings: UNREADABLE }, { changeSettings: UNREADABLE }])(
    "is stored beside unreadable settings, and its message need not be redelivered: %o",
    async (fails) => {
      const { heard, kept, logged } = hearing(fails);
      expect(await heard).toMatchObject({ services: [], isReadable: false });
      expect(kept).toEqual([{ who: "PROBIN", at: START, why: "a note on P1" }]);
      expect(logged).toMatchObject([{ event: "bot.disarmed", who: "PROBIN" }]);
    },
  );

  test.each([{ settings: DOWN }, { changeSettings: DOWN }])(
    "is kept and redelivered where the ledger fails, for what is held must be released: %o",
    async (fails) => {
      const { heard, kept } = hearing(fails);
      await expect(heard).rejects.toThrow(DOWN);
      expect(kept).toHaveLength(1);
    },
  );

  test.each([
    { settings: DOWN, noteDisarming: DOWN },
    { settings: UNREADABLE, noteDisarming: DOWN },
    { changeSettings: DOWN, noteDisarming: DOWN },
  ])("comes again with its own reason where it can be kept nowhere: %o", async (fails) => {
    const { heard, logged } = hearing(fails);
    await expect(heard).rejects.toThrow(fails.settings ?? fails.changeSettings);
    expect(logged).toEqual([]);
  });

  test.each([
    ["human", "PROBIN", "PROBIN"],
    ["human", null, "a person"],
    ["agent", "PSRE", "PSRE"],
    ["automation", null, "a program"],
    ["integration", null, "a program"],
  ] as const)("by %s (%s) says who it was", async (actor, actorId, who) => {
    const told = { ...disarm, actor, actorId };
    expect(isDisarming(told)).toBe(true);
    const ledger = plainLedger();
    await keepDisarming(told, { ledger, log: () => {} });
    expect((await ledger.settings()).disarmed).toMatchObject({ who, why: "a note on P1" });
  });

  test("by the bot itself is none", () => {
    expect(isDisarming({ ...disarm, actor: "bot", actorId: "PBOT" })).toBe(false);
  });
});
