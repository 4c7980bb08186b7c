import type { ActionTaken } from "@mrdata/incident";
import type { LogEntry } from "@mrdata/platform";
import { expect, test } from "vitest";
import { paged } from "../paging/plain-ledger.fixture.ts";
import { START } from "../paging/scripted-pagerduty.fixture.ts";
import { countInTime, noteInTime } from "./in-time.ts";
import { onOpening } from "./opening.ts";
import { opening, respondContext, type TestOptions } from "./respond-context.fixture.ts";

const inTimeOf = (logged: readonly LogEntry[]) =>
  logged.map(({ event }) => event).filter((event) => event.endsWith(".in-time"));
const first = { again: false, acceptedAt: START };
const again = { again: true, acceptedAt: START };

test.each([true, false])(
  "an opening that is held or paged (%s) counts once for each objective",
  async (isSure) => {
    const { context, logged } = respondContext({ isSure });
    await onOpening(context, opening, first);
    expect(inTimeOf(logged).toSorted()).toEqual(["decision.in-time", "page.in-time"]);
    const waitsNoMore = { ...context.pager, pageIfWaiting: async () => nothing };
    await onOpening({ ...context, pager: waitsNoMore }, opening, again);
    expect(inTimeOf(logged)).toHaveLength(2);
  },
);

test("what PagerDuty sent twice was accepted twice, and counts twice", async () => {
  const { context, logged } = respondContext();
  await onOpening(context, opening, first);
  await onOpening(context, opening, first);
  expect(inTimeOf(logged)).toHaveLength(4);
});

test("a page that went out while the ledger failed counts as a page, and not as a decision", async () => {
  const { context, ledger, logged } = respondContext({ isSure: false });
  ledger.fails.add("createPrediction");
  await expect(onOpening(context, opening, first)).rejects.toThrow("the ledger is down");
  expect(inTimeOf(logged)).toEqual(["page.in-time"]);
  ledger.fails.clear();
  await onOpening(
    { ...context, pager: { ...context.pager, pageIfWaiting: async () => nothing } },
    opening,
    again,
  );
  expect(inTimeOf(logged)).toEqual(["page.in-time", "decision.in-time"]);
});

const nothing: ActionTaken = { action: "none", sentence: "It is not triggered any more.", at: START };

test("a page that failed counts when it went out, and not before", async () => {
  let isDown = true;
  const options: TestOptions = {
    isSure: false,
    async pageIfWaiting() {
      if (isDown) throw new Error("PagerDuty does not answer");
      return { ...nothing, action: "paged" };
    },
  };
  const { context, logged } = respondContext(options);
  await expect(onOpening(context, opening, first)).rejects.toThrow();
  expect(inTimeOf(logged)).toEqual([]);
  isDown = false;
  await onOpening(context, opening, again);
  expect(inTimeOf(logged)).toEqual(["page.in-time"]);
});

test("later than 60 s after acceptance nothing is in time, and the delay is logged", () => {
  const logged: LogEntry[] = [];
  const at = (now: number) => ({
    clock: { now: () => now },
    log: (entry: LogEntry) => void logged.push(entry),
  });
  noteInTime(at(START + 60_000), "page", first, "P0");
  noteInTime(at(START + 60_001), "page", first, "P0");
  countInTime(at(START + 95_000), { incident: "P0" }, first).decided(true);
  expect(logged).toEqual([
    { severity: "INFO", event: "page.in-time", incident: "P0" },
    { severity: "WARNING", event: "opening.late", what: "page", incident: "P0", ageSeconds: 60 },
    { severity: "WARNING", event: "opening.late", what: "decision", incident: "P0", ageSeconds: 95 },
  ]);
});

test("a decision that another message stored counts for this one too", async () => {
  const { context, logged } = respondContext({ stored: [paged("P0")] });
  await onOpening(context, opening, first);
  expect(inTimeOf(logged).toSorted()).toEqual(["decision.in-time", "page.in-time"]);
});
