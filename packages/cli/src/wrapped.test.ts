import { expect, test } from "vitest";
import { wrapped } from "./wrapped.ts";

test.each<[string, number | undefined, readonly string[]]>([
  ["short", 10, ["short"]],
  ["as long as nobody looks", undefined, ["as long as nobody looks"]],
  ["one two three", 8, ["one two", "three"]],
  ["  one two three", 9, ["  one two", "  three"]],
  ["exactly ten", 11, ["exactly ten"]],
  ["a-word-that-is-too-long for it", 10, ["a-word-that-is-too-long", "for it"]],
  ["    nothing-to-break-at-all", 10, ["    nothing-to-break-at-all"]],
  ["", 10, [""]],
])("'%s' in %s columns", (line, columns, lines) => {
  expect(wrapped(line, columns)).toEqual(lines);
});
