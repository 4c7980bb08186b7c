import { expect, test } from "vitest";
import { createLastKnown } from "./last-known.ts";
import { jumpingClock } from "./scripted-pagerduty.fixture.ts";

/** Reads that count up, or fail while `isFailing`. */
function start() {
  const clock = jumpingClock();
  const state = { isFailing: false, reads: 0 };
  const read = createLastKnown(
    async () => {
      state.reads++;
      if (state.isFailing) throw new Error("500");
      return state.reads;
    },
    { clock, freshMs: 60_000, maxAgeMs: 900_000 },
  );
  return { clock, state, read };
}

test("one read serves everybody who asks within the time, and each key has its own", async () => {
  const { clock, read } = start();
  expect(await Promise.all([read("a"), read("a"), read("b")])).toEqual([1, 1, 2]);
  await clock.sleep(59_000);
  expect(await read("a")).toBe(1);
  await clock.sleep(2_000);
  expect(await read("a")).toBe(3);
});

test("where it fails the last result serves, until that is too old", async () => {
  const { clock, state, read } = start();
  await read("a");
  state.isFailing = true;
  await clock.sleep(600_000);
  expect(await read("a")).toBe(1);
  await clock.sleep(600_000);
  expect(await read("a")).toBeNull();
});

test("after a failure nobody reads again for two seconds, and then the next one does", async () => {
  const { clock, state, read } = start();
  state.isFailing = true;
  for (let i = 0; i < 50; i++) expect(await read("a")).toBeNull();
  expect(state.reads).toBe(1);
  state.isFailing = false;
  await clock.sleep(2_000);
  expect(await read("a")).toBe(2);
});
