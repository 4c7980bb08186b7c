import { hash } from "node:crypto";

const BLOCK = 64;
const DIGEST = 32;
/** Longer messages than any webhook that PagerDuty promises to send get a buffer of their own. */
const USUAL = 64 * 1024;
const KEYS = 8;

/** One key, combined with the two paddings once. */
type Pads = { readonly inner: Uint8Array; readonly outer: Buffer };

const padsOf = new Map<string, Pads>();
const usual = Buffer.allocUnsafe(BLOCK + USUAL);

/**
 * HMAC-SHA256 (RFC 2104) in two one-shot hashes. The same as `createHmac`, which makes an object outside of
 * JavaScript's heap for each call: under functions-framework these cost more than all else that a webhook takes
 * (`npm run bench -- receive.throughput`). For the same reason the paddings are kept for the last keys, the message
 * is copied behind them into one buffer that all calls share, and the digests travel as strings. In hexadecimal.
 */
export function hmacSha256(key: string, message: Uint8Array): string {
  const { inner, outer } = padsOf.get(key) ?? keepPads(key);
  const length = BLOCK + message.byteLength;
  const input = length <= usual.byteLength ? usual.subarray(0, length) : Buffer.allocUnsafe(length);
  input.set(inner);
  input.set(message, BLOCK);
  outer.write(hash("sha256", input, "binary"), BLOCK, DIGEST, "binary");
  return hash("sha256", outer, "hex");
}

function keepPads(key: string): Pads {
  const bytes = Buffer.from(key, "utf8");
  const short = bytes.byteLength > BLOCK ? hash("sha256", bytes, "buffer") : bytes;
  const pads = { inner: padded(short, 0x36, BLOCK), outer: padded(short, 0x5c, BLOCK + DIGEST) };
  if (padsOf.size >= KEYS) padsOf.clear();
  padsOf.set(key, pads);
  return pads;
}

function padded(key: Uint8Array, pad: number, length: number): Buffer {
  const block = Buffer.alloc(length);
  block.fill(pad, 0, BLOCK);
  for (const [i, byte] of key.entries()) block[i] = pad ^ byte;
  return block;
}
