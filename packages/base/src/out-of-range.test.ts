import { expect, test } from "vitest";
import { itemAt, outOfRange } from "./out-of-range.ts";

test("an existing item is returned, even if it is falsy", () => {
  expect(Uint8Array.of(0)[0] ?? outOfRange()).toBe(0);
  expect(itemAt(["", "b"], 0)).toBe("");
  expect(itemAt(["", "b"], -1)).toBe("b");
});

test("a missing item is an error that says so", () => {
  expect(() => Uint8Array.of(0)[1] ?? outOfRange()).toThrow(RangeError);
  expect(() => itemAt(["a"], 1)).toThrow("there is no item 1 in a list of 1");
  expect(() => itemAt([], -1)).toThrow(RangeError);
});
