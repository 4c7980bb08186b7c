import { expect, test } from "vitest";
import { postDigest, type SendDigest } from "./post-digest.ts";

const ADDRESS = "https://hooks.example.com/services/T0/B0/secret-part";
const message = { text: "1 page spared", blocks: [] };
const answering =
  (status: number): SendDigest =>
  async () =>
    new Response("", { status });

test("posts the message once, follows no redirect, and gives up in time", async () => {
  const sent: unknown[] = [];
  await postDigest(ADDRESS, message, async (address, init) => {
    sent.push([address, init.method, init.redirect, JSON.parse(init.body), init.signal.aborted]);
    return new Response("ok");
  });
  expect(sent).toEqual([[ADDRESS, "POST", "error", message, false]]);
});

test.each([
  ["an error of the webhook", ADDRESS, answering(404), "its webhook answered 404"],
  [
    "no way to it",
    ADDRESS,
    async () => Promise.reject(new TypeError(`fetch ${ADDRESS} failed`)),
    "could not be reached",
  ],
  [
    "no answer",
    ADDRESS,
    async () => Promise.reject(new DOMException(ADDRESS, "TimeoutError")),
    "did not answer within 10 s",
  ],
  ["an address without encryption", ADDRESS.replace("https", "http"), answering(200), "begins with https://"],
  [
    "an address with a password",
    ADDRESS.replace("//", "//robin:secret-part@"),
    answering(200),
    "begins with https://",
  ],
  ["no address", "secret-part", answering(200), "begins with https://"],
] as const)("%s is a sentence without the address", async (_, address, send, sentence) => {
  const failed = await postDigest(address, message, send).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Error);
  expect(String(failed)).toContain(sentence);
  expect(String(failed)).not.toContain("secret-part");
});
