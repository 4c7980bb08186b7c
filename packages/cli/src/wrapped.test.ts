import { expect, test } from "vitest";
import { printWrapped, wrapped } from "./wrapped.ts";

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

const secret = "0123456789abcdef0123456789abcdef";
const bold = (text: string) => `<${secret}bold>${text}</${secret}>`;

test.each<[string, readonly string[]]>([
  [`${bold("mode")}  by service and no other`, [`${bold("mode")}  by service`, "      and no other"]],
  ["1234567890 1234567890", ["1234567890", "      1234567890"]],
  // A mark that would be torn leaves its line whole.
  [`a line in which ${bold("this is bold")}`, [`a line in which ${bold("this is bold")}`]],
  [bold("a heading that is too long"), [bold("a heading that is too long")]],
])("prose that is told stands behind what it is about: %s", (line, lines) => {
  const told: string[] = [];
  printWrapped({ out: (part) => told.push(part), columns: 18 }, [line], 6);
  expect(told).toEqual(lines);
});

test("nothing is wrapped without a terminal", () => {
  const told: string[] = [];
  printWrapped({ out: (part) => told.push(part) }, ["long ".repeat(100)]);
  expect(told).toHaveLength(1);
});
