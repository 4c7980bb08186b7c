import { expect, test } from "vitest";
import { wordOf } from "./feedback.ts";

test.each([
  ["noise", "noise"],
  ["real", "real"],
  ["real, the disk is full", "real"],
  ["never hold this", "never hold this"],
  ["never  hold\nthis.", "never hold this"],
  ["ok to hold", "ok to hold"],
  ["disarm", "disarm"],
  ["disarm!", "disarm"],
  ["really?", null],
  ["noisey", null],
  ["", null],
  [null, null],
])("of a note, %j is the word %j", (text, word) => {
  expect(wordOf(text)).toBe(word);
});
