import { expect, test } from "vitest";
import { LEARN_SUBSCRIPTION, LEDGER_SUBSCRIPTION, MODEL_SUBSCRIPTION } from "../names.ts";
import { failureOf, functionOf } from "./failure-of.ts";

test("a failure is kept under the event, and under the message where that names none", () => {
  expect(failureOf("record", { attributes: { event: "01ABC" }, messageId: "17" })).toBe("record 01ABC");
  expect(failureOf("record", { attributes: { event: "" }, messageId: "17" })).toBe("record 17");
  expect(failureOf("respond", { attributes: {}, messageId: "17" })).toBe("respond 17");
});

test.each(["", "-blue"])(
  "each subscription is a function's, with the stack's suffix '%s' and no other",
  (suffix) => {
    const names = [MODEL_SUBSCRIPTION, LEDGER_SUBSCRIPTION, LEARN_SUBSCRIPTION];
    expect(names.map((name) => functionOf(`${name}${suffix}`, suffix))).toEqual([
      "respond",
      "record",
      "learn",
    ]);
    expect(names.map((name) => functionOf(`${name}-other`, suffix))).toEqual([null, null, null]);
    expect(functionOf(undefined, suffix)).toBeNull();
  },
);
