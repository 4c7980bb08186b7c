import { expect, test } from "vitest";
import { causeOf, codeOf, messageOf } from "./message-of.ts";

test("an error's message, and anything else as text", () => {
  const refused = new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") });
  expect([refused, "gone", null].map(messageOf)).toEqual(["fetch failed", "gone", "null"]);
  expect([refused, new Error("alone"), "gone"].map(causeOf).map(messageOf)).toEqual([
    "ECONNREFUSED",
    "alone",
    "gone",
  ]);
});

test("the code of an error, and null for values without one", () => {
  const gone = Object.assign(new Error("gone"), { code: "ENOENT" });
  expect([gone, new Error("other"), { code: 5 }].map(codeOf)).toEqual(["ENOENT", null, null]);
});
