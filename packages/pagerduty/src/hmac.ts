import { hash } from "node:crypto";

const BLOCK = 64;

/**
 * HMAC-SHA256 (RFC 2104) in two one-shot hashes. The same as `createHmac`, which makes an object outside of
 * JavaScript's heap for each call: under functions-framework these cost more than all else that a webhook takes
 * (`npm run bench -- receive.throughput`).
 */
export function hmacSha256(key: string, message: Uint8Array): Buffer {
  const bytes = Buffer.from(key, "utf8");
  const short = bytes.byteLength > BLOCK ? hash("sha256", bytes, "buffer") : bytes;
  return keyed(short, 0x5c, keyed(short, 0x36, message));
}

function keyed(key: Uint8Array, pad: number, message: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(BLOCK + message.byteLength);
  input.fill(pad, 0, BLOCK);
  for (let i = 0; i < key.byteLength; i++) input[i] = pad ^ (key[i] ?? 0);
  input.set(message, BLOCK);
  return hash("sha256", input, "buffer");
}
