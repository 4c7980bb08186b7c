import type { RestIncident } from "@mrdata/pagerduty";
import { expect, test } from "vitest";
import { BOT, jumpingClock, START, waiting } from "../paging/scripted-pagerduty.fixture.ts";
import { findWaiting } from "./find-waiting.ts";

const from = (lists: readonly (readonly RestIncident[])[], failsAt = Number.POSITIVE_INFINITY) => {
  let asked = 0;
  return {
    asked: () => asked,
    sweeping: {
      bot: BOT,
      pagerduty: {
        async *listIncidents() {
          const list = lists[Math.min(asked++, lists.length - 1)] ?? [];
          for (const [i, one] of list.entries()) {
            if (i === failsAt) throw new Error("PagerDuty is down");
            yield one;
          }
        },
      },
    },
  };
};
const many = (count: number, first = 0) =>
  Array.from({ length: count }, (_, i) => waiting(`P${String(first + i).padStart(4, "0")}`));

test("what waits on the bot alone is found, and nothing else", async () => {
  const list = [
    waiting("P1"),
    waiting("P2", { status: "acknowledged" }),
    waiting("P3", { assignees: [BOT, "PROBIN"] }),
    waiting("P4", { assignees: ["PROBIN"] }),
    waiting("P5", { assignedVia: "direct_assignment" }),
  ];
  const { sweeping } = from([list]);
  const { found } = await findWaiting(sweeping, jumpingClock());
  expect(found.map(({ incident }) => incident.id)).toEqual(["P1", "P5"]);
});

test("a list of several pages that shrinks while it is read is read until it shows nothing new", async () => {
  // Others were paged meanwhile, so that the second page began later than the first ended.
  const all = many(250);
  const skipping = [...all.slice(0, 100), ...all.slice(140)];
  const { sweeping, asked } = from([skipping, all.slice(60), all.slice(60)]);
  const { found } = await findWaiting(sweeping, jumpingClock());
  expect(found).toHaveLength(250);
  expect(asked()).toBe(3);
});

test("what opened while a list is read is no reason to read it once more", async () => {
  const all = many(250);
  const late = Array.from({ length: 5 }, (_, i) => waiting(`PLATE${i}`, { createdAt: START + 1_000 }));
  const { sweeping, asked } = from([all, [...late, ...all], [...late, ...all]]);
  const { found } = await findWaiting(sweeping, jumpingClock());
  expect(found).toHaveLength(255);
  expect(asked()).toBe(2);
});

test("one page is read once", async () => {
  const { sweeping, asked } = from([many(100)]);
  await findWaiting(sweeping, jumpingClock());
  expect(asked()).toBe(1);
});

test("what was read before a failure is returned with it", async () => {
  const { sweeping } = from([many(10)], 4);
  const { found, failures } = await findWaiting(sweeping, jumpingClock());
  expect(found).toHaveLength(4);
  expect(String(failures[0])).toContain("PagerDuty is down");
});
