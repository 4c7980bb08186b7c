import fc from "fast-check";
import { expect, it } from "vitest";
import { knownWordKind, wordKindOf } from "./known-words.ts";

const written = [
  "p95",
  "503",
  "<host>",
  "<*>",
  "high",
  "prod",
  "checkout",
  "x",
  "17",
  ">",
  "sev:2",
  "straße",
  "",
  ":8080",
];

it("a cached word's kind equals the computed one", () => {
  const word = fc.oneof(
    fc.constantFrom(...written),
    fc.string({ maxLength: 12 }),
    fc.string({ minLength: 101 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      for (const one of [...words, ...words]) expect(knownWordKind(one)).toEqual(wordKindOf(one));
    }),
    { numRuns: 60 },
  );
});

it("guarded words and placeholders are no words of their own", () => {
  expect(wordKindOf("checkout")).toEqual({ hasLetter: true, isGuarded: false, isWorded: true });
  expect(wordKindOf("prod")).toEqual({ hasLetter: true, isGuarded: true, isWorded: false });
  expect(wordKindOf("<host>")).toEqual({ hasLetter: true, isGuarded: true, isWorded: false });
  expect(wordKindOf("17")).toEqual({ hasLetter: false, isGuarded: false, isWorded: false });
});
