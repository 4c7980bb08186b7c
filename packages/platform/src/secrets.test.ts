import { expect, test } from "vitest";
import { secretLines, signingSecretOf } from "./secrets.ts";

test.each([
  [null, []],
  ["", []],
  ["\n \n", []],
  ["one", ["one"]],
  ["\n  old \r\n\nnew\n", ["old", "new"]],
])("the secrets of %j are one a line, and the first signs", async (text, lines) => {
  expect(secretLines(text)).toEqual(lines);
  expect(await signingSecretOf({ get: () => text })).toBe(lines[0] ?? null);
});
