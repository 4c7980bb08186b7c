import { expect, test } from "vitest";
import { within } from "./within.ts";

test("an answer in time is the answer, and so is a failure in time", async () => {
  await expect(within(60_000, "asking", Promise.resolve(7))).resolves.toBe(7);
  await expect(within(60_000, "asking", Promise.reject(new Error("no")))).rejects.toThrow("no");
});

test("what does not answer is given up, by name", async () => {
  await expect(within(5, "asking", new Promise(() => {}))).rejects.toThrow("asking took longer than 5 ms");
});
