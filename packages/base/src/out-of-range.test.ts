import { expect, test } from "vitest";
import { itemAt, outOfRange } from "./out-of-range.ts";

test("what is there is given, also where it counts for nothing", () => {
  expect(Uint8Array.of(0)[0] ?? outOfRange()).toBe(0);
  expect(itemAt(["", "b"], 0)).toBe("");
  expect(itemAt(["", "b"], -1)).toBe("b");
});

test("what is not there is an error that says so", () => {
  expect(() => Uint8Array.of(0)[1] ?? outOfRange()).toThrow(RangeError);
  expect(() => itemAt(["a"], 1)).toThrow("there is no item 1 in a list of 1");
  expect(() => itemAt([], -1)).toThrow(RangeError);
});
