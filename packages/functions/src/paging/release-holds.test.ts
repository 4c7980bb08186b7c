import type { ActionTaken } from "@mrdata/incident";
import type { LogEntry } from "@mrdata/platform";
import { expect, test } from "vitest";
import { armed, held, paged, plainLedger, WINDOW_MS } from "./plain-ledger.fixture.ts";
import { releaseHolds, releaseLiveHolds } from "./release-holds.ts";
import { jumpingClock, START } from "./scripted-pagerduty.fixture.ts";

function start(failing: readonly string[] = []) {
  const holds = [held("P1"), held("P2"), held("P3")];
  const over = held("P4", { ended: { at: START, why: "resolved" } });
  const ledger = plainLedger({ stored: [...holds, over, paged("P5")] });
  const pagedNow: string[] = [];
  const logged: LogEntry[] = [];
  const context = {
    ledger,
    clock: jumpingClock(),
    log: (entry: LogEntry) => logged.push(entry),
    notes: null,
    pager: {
      hasSpareCalls: () => true,
      async pageIfWaiting(incident: string): Promise<ActionTaken> {
        if (failing.includes(incident)) throw new Error(`cannot page ${incident}`);
        pagedNow.push(incident);
        return { action: "paged", sentence: "Escalated.", at: START };
      },
    },
  };
  return { context, ledger, holds, pagedNow, logged };
}

test("every hold is paged and ended, with the reason", async () => {
  const { context, ledger, holds, pagedNow, logged } = start();
  expect(await releaseHolds(context, holds, "A storm began.")).toBe(3);
  expect(pagedNow).toEqual(["P1", "P2", "P3"]);
  expect(ledger.predictions.get("P2")).toMatchObject({ ended: { why: "A storm began." } });
  expect(logged.filter(({ event }) => event === "hold.released")).toHaveLength(3);
});

test("one that cannot be paged keeps no other waiting, and is held no longer", async () => {
  const { context, ledger, holds, pagedNow } = start(["P2"]);
  await expect(releaseHolds(context, holds, "A storm began.")).rejects.toThrow("cannot page P2");
  expect(pagedNow).toEqual(["P1", "P3"]);
  expect(ledger.predictions.get("P2")?.ended).toBeDefined();
});

test("of all that is stored only live holds that match are released", async () => {
  const { context, pagedNow } = start();
  const released = await releaseLiveHolds(context, armed, ({ incident }) => incident !== "P3", "A person.");
  expect([released, pagedNow]).toEqual([2, ["P1", "P2"]]);
});

test("nothing is held by settings that cannot be read, or after the window", async () => {
  const { context, pagedNow } = start();
  expect(await releaseLiveHolds(context, null, () => true, "A person.")).toBe(0);
  await context.clock.sleep(WINDOW_MS);
  expect(await releaseLiveHolds(context, armed, () => true, "A person.")).toBe(0);
  expect(pagedNow).toEqual([]);
});
