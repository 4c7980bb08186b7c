import { expect, test } from "vitest";
import { type RetryOptions, retry, type Tried } from "./retry.ts";

const later = (serverWaitMs: number | null = null): Tried<string> => ({
  failure: new Error("503"),
  again: "later",
  serverWaitMs,
});

/** Tries with the given results, the last one repeated; records the wait before each. */
function scripted(answers: readonly Tried<string>[], options: Partial<RetryOptions> = {}) {
  const waits: number[] = [];
  let now = 0;
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      waits.push(ms);
      now += ms;
    },
  };
  const tried = retry(async (attempt) => answers[attempt - 1] ?? answers.at(-1) ?? later(), {
    clock,
    random: () => 0.5,
    backoff: { baseMs: 100, maxMs: 1_000 },
    deadlineMs: 60_000,
    ...options,
  });
  return { tried, waits };
}

test("waits double up to the maximum, with jitter", async () => {
  const { tried, waits } = scripted([...Array.from({ length: 5 }, () => later()), { value: "here" }]);
  expect(await tried).toBe("here");
  expect(waits).toEqual([100, 200, 400, 500, 500]);
});

test("the server's wait takes precedence, plus a little jitter", async () => {
  const { tried, waits } = scripted([later(3_000), { value: "here" }]);
  expect(await tried).toBe("here");
  expect(waits).toEqual([3_050]);
});

test("attempts, deadline and a final failure end it with the last failure", async () => {
  const few = scripted([later()], { attempts: 3 });
  await expect(few.tried).rejects.toThrow("503");
  expect(few.waits).toHaveLength(2);
  // A wait that would end in time, but not the try after it.
  const late = scripted([later()], { deadlineMs: 1_000, tryMs: 950 });
  await expect(late.tried).rejects.toThrow("503");
  expect(late.waits).toEqual([]);
  const final = scripted([{ failure: new Error("404"), again: "never", serverWaitMs: null }]);
  await expect(final.tried).rejects.toThrow("404");
  expect(final.waits).toEqual([]);
});

test("a try that may succeed now is made without a wait", async () => {
  const renewed: Tried<string> = { failure: new Error("401"), again: "now", serverWaitMs: null };
  const { tried, waits } = scripted([renewed, { value: "here" }]);
  expect(await tried).toBe("here");
  expect(waits).toEqual([]);
});

test("the guard is called before every try except the first, and can cancel the rest", async () => {
  let asked = 0;
  const { tried, waits } = scripted([later()], { beforeRetry: async () => ++asked < 3 });
  expect(await tried).toBeUndefined();
  expect(asked).toBe(3);
  expect(waits).toHaveLength(3);
});
