import fc from "fast-check";
import { expect, it } from "vitest";
import type { DocumentData, DocumentValue } from "../document-store.ts";
import { checkDocument } from "./document-rules.ts";
import { bytesIfOrdinary } from "./ordinary-document.ts";

const HALF_A_PAIR = "\ud83d";

const name = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom("", "__x__", "_x", HALF_A_PAIR, "é".repeat(400), "n".repeat(495), "n".repeat(1_600)),
);
const leaf = fc.oneof(
  fc.string({ maxLength: 8, unit: "binary" }),
  fc.constantFrom<DocumentValue>(
    null,
    true,
    0,
    -1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    `a${HALF_A_PAIR}`,
  ),
  fc.constantFrom("x".repeat(349_495), "x".repeat(349_496), "x".repeat(1_048_488)),
);
const { document } = fc.letrec<{ readonly document: DocumentData; readonly value: DocumentValue }>((tie) => ({
  document: fc.dictionary(name, tie("value"), { maxKeys: 4 }),
  value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value"), { maxLength: 3 }), tie("document")),
}));

/** `depth` maps within each other below the document, with a leaf in the last. */
function nested(depth: number, inList: boolean): DocumentData {
  let made: DocumentData = { leaf: 1 };
  for (let i = 0; i < depth; i++) made = { a: inList ? [made] : made };
  return made;
}

/** What the rules say of a document, field by field; null where one is broken. */
function byTheRules(data: DocumentData): number | null {
  try {
    return checkDocument("things/one", data);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

it("an ordinary document breaks no rule, and its size is the one that the rules give", () => {
  let ordinary = 0;
  fc.assert(
    fc.property(document, (data) => {
      const most = bytesIfOrdinary(data);
      if (most === null) return;
      ordinary++;
      expect(most).toBe(byTheRules(data));
    }),
    { numRuns: 200 },
  );
  expect(ordinary).toBeGreaterThan(5);
});

it.each([0, 1, 9, 10, 18, 19, 20, 21, 25])("%i levels are judged as by the rules", (depth) => {
  for (const inList of [false, true])
    expect(bytesIfOrdinary(nested(depth, inList))).toBe(byTheRules(nested(depth, inList)));
});

it.each<[string, DocumentData]>([
  ["a reserved name", { __x__: 1 }],
  ["an empty name", { "": 1 }],
  ["half a pair in a name", { [HALF_A_PAIR]: 1 }],
  ["half a pair in a text", { a: [{ b: HALF_A_PAIR }] }],
  ["no finite number", { a: { b: Number.NaN } }],
  ["a list in a list", { a: [[1]] }],
  ["a path that is too long", { ["n".repeat(800)]: { ["m".repeat(800)]: 1 } }],
  ["a text that is too long", { a: "x".repeat(1_048_488) }],
])("%s is out of the ordinary", (_, data) => {
  expect(bytesIfOrdinary(data)).toBeNull();
  expect(byTheRules(data)).toBeNull();
});
