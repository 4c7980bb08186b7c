import { existsSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sayingWhenFull } from "./full-disk.ts";

// Linux's device that has no room, as a disk that is full has none.
test.runIf(existsSync("/dev/full"))("a full disk is reported in a sentence that names the folder", () => {
  const write = () => writeFileSync("/dev/full", "a result");
  expect(write).toThrow("ENOSPC");
  expect(() => sayingWhenFull("/home/ada/.mrdata/training", write)).toThrow(
    /^the disk with \/home\/ada\/.mrdata\/training is full: make room there and begin again$/,
  );
});

test("any other error is thrown unchanged, and the result of the write is returned", () => {
  expect(() => sayingWhenFull("/tmp", () => writeFileSync("/nowhere/at/all", ""))).toThrow("ENOENT");
  expect(sayingWhenFull("/tmp", () => 7)).toBe(7);
});
