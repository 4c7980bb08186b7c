import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namesOf, readTitle } from "./names-of.ts";
import { partsOf, withPart } from "./title-parts.ts";

const putBack = (title: string): string => {
  const { name, parts } = partsOf(title);
  // From the last to the first: a part that looks like a placeholder moves no other's place.
  return parts.reduceRight((text, part, place) => withPart(text, place, part), name);
};

describe("the parts of a title that its finest name replaces", () => {
  it.each([
    ["Disk usage over 95%", ["95"]],
    ["Heartbeat missed for 30 minutes", ["30 minutes"]],
    ["Free memory below 2GB on db-1", ["2gb"]],
    ["p95 latency above 2.5s for 10m", ["2.5s", "10m"]],
    ["Checkout is down", []],
  ])("are listed in order: %s", (title, parts) => {
    expect(partsOf(title)).toEqual({ name: namesOf(title)[0], parts });
  });

  it("restore every title, or are empty", () => {
    const sign = fc.constantFrom(
      "95%",
      "2GB",
      "10 minutes",
      "<n>",
      "3f9a1c2b",
      "2026-01-02",
      "is",
      "disk",
      "%",
      "-",
    );
    const someTitle = fc.oneof(
      fc.array(sign, { maxLength: 8 }).map((words) => words.join(" ")),
      fc.string({ unit: "grapheme", maxLength: 80 }),
    );
    fc.assert(
      fc.property(someTitle, (title) => {
        const { name, parts } = partsOf(title);
        expect(name).toBe(namesOf(title)[0]);
        if (parts.length > 0) expect(putBack(title)).toBe(readTitle(title));
      }),
      { numRuns: 300 },
    );
  });
});
