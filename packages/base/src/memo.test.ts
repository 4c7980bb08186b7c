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

test("what was read serves for its time to live, and no longer", async () => {
  const { state, read, now } = counted();
  const recall = memo(read, { ttlMs: 10, now });
  expect([await recall("a"), await recall("b")]).toEqual(["a1", "a1"]);
  state.now = 9;
  expect(await recall("a")).toBe("a1");
  state.now = 10;
  expect(await recall("a")).toBe("a2");
});

test("a clock that goes back makes nothing fresh", async () => {
  const { state, read, now } = counted();
  state.now = 100;
  const recall = memo(read, { ttlMs: 10, now });
  await recall("a");
  state.now = 95;
  expect(await recall("a")).toBe("a2");
});

test("those who ask while it is read share the reading, its failure too; the next reads again", async () => {
  const { state, read, now } = counted();
  const recall = memo(read, { ttlMs: 10, now });
  state.failing = true;
  const asked = await Promise.allSettled([recall("a"), recall("a")]);
  expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(state.reads).toBe(1);
  state.failing = false;
  expect(await recall("a")).toBe("a2");
});

test("a failure that comes late drops nothing that was read after it", async () => {
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

test("keys are kept apart, so many of them, the latest", async () => {
  const { read, now } = counted();
  const recall = memo(read, { ttlMs: 10, now, keyOf: (key) => key, maxKeys: 2 });
  expect([await recall("a"), await recall("b"), await recall("a")]).toEqual(["a1", "b2", "a1"]);
  expect(await recall("c")).toBe("c3");
  expect([await recall("b"), await recall("a")]).toEqual(["b2", "a4"]);
});

test("what is not to be kept is read again, and what is forgotten", async () => {
  const { read, now } = counted();
  const recall = memo(read, { ttlMs: Number.POSITIVE_INFINITY, now, keeps: (value) => value !== "a1" });
  expect([await recall("a"), await recall("a"), await recall("a")]).toEqual(["a1", "a2", "a2"]);
  recall.forget("a");
  expect(await recall("a")).toBe("a3");
});

test("a reading that answers at once is answered at once, and throws at once", () => {
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
