import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hmacSha256 } from "./hmac.ts";

test("is what node:crypto computes, for keys and messages of any length", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.uint8Array({ maxLength: 5_000 }),
      (key, message) => {
        expect(hmacSha256(key, message)).toEqual(createHmac("sha256", key).update(message).digest("hex"));
      },
    ),
  );
});

test("also of a message longer than any webhook, after it of a short one, and of more keys than are kept", () => {
  const messages = [Buffer.alloc(256 * 1024, 7), Buffer.from("short")];
  for (let key = 0; key < 20; key++) {
    for (const message of messages)
      expect(hmacSha256(`key ${key}`, message)).toEqual(
        createHmac("sha256", `key ${key}`).update(message).digest("hex"),
      );
  }
});

// RFC 4231, test case 2.
test.each([
  [
    "Jefe",
    "what do ya want for nothing?",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
])("%s: the RFC's own vector", (key, message, wanted) => {
  expect(hmacSha256(key, Buffer.from(message))).toBe(wanted);
});
