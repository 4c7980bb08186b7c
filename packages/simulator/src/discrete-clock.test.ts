import { expect, test } from "vitest";
import { createDiscreteClock, whileHeld } from "./discrete-clock.ts";

const START = 1_000_000;

test("time jumps from one due thing to the next, in order, and ends where it was told", async () => {
  const clock = createDiscreteClock(START);
  const happened: [string, number][] = [];
  clock.schedule(START + 5_000, () => void happened.push(["later", clock.now()]));
  clock.schedule(START + 1_000, () => void happened.push(["first", clock.now()]));
  clock.schedule(START + 1_000, () => void happened.push(["second", clock.now()]));
  await clock.run(START + 9_000);
  expect(happened).toEqual([
    ["first", START + 1_000],
    ["second", START + 1_000],
    ["later", START + 5_000],
  ]);
  expect(clock.now()).toBe(START + 9_000);
});

test("sixty days of waiting pass as days of the clock", async () => {
  const clock = createDiscreteClock(START);
  let woke = 0;
  const sleeper = (async () => {
    for (let day = 0; day < 60; day++) await clock.sleep(86_400_000);
    woke = clock.now();
  })();
  await clock.run(START + 61 * 86_400_000);
  await sleeper;
  expect(woke).toBe(START + 60 * 86_400_000);
});

test("what is cancelled does not happen, and a sleep that is aborted rejects with the reason", async () => {
  const clock = createDiscreteClock(START);
  let happened = false;
  const cancel = clock.schedule(START + 10, () => {
    happened = true;
  });
  cancel();
  const stop = new AbortController();
  const slept = clock.sleep(1_000, stop.signal);
  stop.abort(new Error("woken"));
  await expect(slept).rejects.toThrow("woken");
  await clock.run(START + 100);
  expect(happened).toBe(false);
});

test("what is in the past is done next, not before", async () => {
  const clock = createDiscreteClock(START);
  let at = 0;
  clock.schedule(START - 50, () => {
    at = clock.now();
  });
  await clock.run(START);
  expect(at).toBe(START);
});

test("time stands still while something is held, also over real time", async () => {
  const clock = createDiscreteClock(START);
  let answered = 0;
  clock.schedule(START + 10, () =>
    whileHeld(clock, async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      answered = clock.now();
    }),
  );
  clock.schedule(START + 11, () => {});
  await clock.run(START + 1_000);
  expect(answered).toBe(START + 10);
});

test("a condition ends the run when it is met, and its never being met is an error", async () => {
  const clock = createDiscreteClock(START);
  let count = 0;
  for (const after of [10, 20, 30]) clock.schedule(START + after, () => void count++);
  await clock.run(() => count === 2);
  expect(clock.now()).toBe(START + 20);
  await expect(clock.run(() => count === 9)).rejects.toThrow("nothing more is scheduled");
});

test("what fails makes the run fail, and a second run at a time is refused", async () => {
  const clock = createDiscreteClock(START);
  clock.schedule(START + 1, () => {
    throw new Error("broken timer");
  });
  const run = clock.run(START + 10);
  await expect(clock.run(START + 10)).rejects.toThrow("running already");
  await expect(run).rejects.toThrow("broken timer");
});
