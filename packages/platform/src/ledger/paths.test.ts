import fc from "fast-check";
import { expect, it } from "vitest";
import { paths } from "./paths.ts";

/** Firestore's rule for document ids, as written under "Quotas and limits". */
const canBeAnId = (id: string): boolean =>
  id.length > 0 && Buffer.byteLength(id) <= 1500 && id !== "." && id !== ".." && !/^__.*__$/s.test(id);

const id = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ maxLength: 6, unit: "binary" }),
  fc.stringMatching(/^[A-Za-z0-9._~*'()!-]{0,12}$/),
  fc.constantFrom(
    "",
    ".",
    "..",
    "...",
    "__x__",
    "a/b",
    "a%2Fb",
    "a\n",
    "é",
    "\ud83d",
    "x".repeat(402),
    "x".repeat(1501),
  ),
);

it("every id becomes an escaped path or is refused", () => {
  fc.assert(
    fc.property(id, (given) => {
      const escaped = encodeURIComponent(given.toWellFormed());
      if (canBeAnId(escaped)) expect(paths.incident(given)).toBe(`incidents/${escaped}`);
      else expect(() => paths.incident(given)).toThrow(RangeError);
    }),
    { numRuns: 300 },
  );
});
