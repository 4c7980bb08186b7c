import { expect, test } from "vitest";
import { memo } from "./memo.ts";

function counted() {
  const state = { now: 0, reads: 0, failing: false };
  const read = async (key: string): Promise<string> => {
    state.reads += 1;
    if (state.failing) throw new Error("not now");
    return `${key}${state.reads}`;
  };
  return { state, read, now: () => state.now };
}

test("a value is cached for its time to live, and no longer", async () => {
  const { state, read, now } = counted();
  const recall = memo(read, { ttlMs: 10, now });
  expect([await recall("a"), await recall("b")]).toEqual(["a1", "a1"]);
  state.now = 9;
  expect(await recall("a")).toBe("a1");
  state.now = 10;
  expect(await recall("a")).toBe("a2");
});

test("a clock that goes back does not extend the time to live", async () => {
  const { state, read, now } = counted();
  state.now = 100;
  const recall = memo(read, { ttlMs: 10, now });
  await recall("a");
  state.now = 95;
  expect(await recall("a")).toBe("a2");
});

test("concurrent callers share one read, even if it fails; the next call reads again", async () => {
  const { state, read, now } = counted();
  const recall = memo(read, { ttlMs: 10, now });
  state.failing = true;
  const asked = await Promise.allSettled([recall("a"), recall("a")]);
  expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(state.reads).toBe(1);
  state.failing = false;
  expect(await recall("a")).toBe("a2");
});

test("a late failure does not evict a value that was read after it", async () => {
  let fail: (error: Error) => void = () => {};
  let now = 0;
  const answers = [new Promise<string>((_, reject) => (fail = reject)), Promise.resolve("new")];
  const recall = memo(() => answers.shift() ?? Promise.resolve("newer"), { ttlMs: 10, now: () => now });
  const first = recall();
  now = 10;
  expect(await recall()).toBe("new");
  fail(new Error("late"));
  await expect(first).rejects.toThrow("late");
  expect(await recall()).toBe("new");
});

test("keys are cached separately, up to the limit, the latest ones", async () => {
  const { read, now } = counted();
  const recall = memo(read, { ttlMs: 10, now, keyOf: (key) => key, maxKeys: 2 });
  expect([await recall("a"), await recall("b"), await recall("a")]).toEqual(["a1", "b2", "a1"]);
  expect(await recall("c")).toBe("c3");
  expect([await recall("b"), await recall("a")]).toEqual(["b2", "a4"]);
});

test("a value that is not to be kept, or was forgotten, is read again", async () => {
  const { read, now } = counted();
  const recall = memo(read, { ttlMs: Number.POSITIVE_INFINITY, now, keeps: (value) => value !== "a1" });
  expect([await recall("a"), await recall("a"), await recall("a")]).toEqual(["a1", "a2", "a2"]);
  recall.forget("a");
  expect(await recall("a")).toBe("a3");
});

test("a synchronous read returns, or throws, synchronously", () => {
  const recall = memo(
    (text: string) => {
      if (text === "") throw new Error("empty");
      return text.length;
    },
    { ttlMs: 10, now: () => 0, keyOf: (text) => text },
  );
  expect(recall("four")).toBe(4);
  expect(() => recall("")).toThrow("empty");
});
