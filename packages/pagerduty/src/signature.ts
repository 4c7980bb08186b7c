import { timingSafeEqual } from "node:crypto";
import { hmacSha256 } from "./hmac.ts";

/** `v1=` and the HMAC-SHA256 of the raw body in hexadecimal: the value of `X-PagerDuty-Signature`. */
export const signBody = (rawBody: Uint8Array, secret: string): string => `v1=${hmacSha256(secret, rawBody)}`;

/**
 * True if any `v1=` signature of the header fits the raw bytes under any of the secrets (PagerDuty developer docs,
 * Webhooks: verifying signatures). Several signatures come while a secret is rotated; other versions are ignored.
 * Constant time in what is secret; never throws, whatever the header holds.
 */
export function verifySignature(
  rawBody: Uint8Array,
  header: string | null,
  secrets: readonly string[],
): boolean {
  if (header === null) return false;
  const given: string[] = [];
  for (const part of header.split(",")) {
    const hex = /^v1=([0-9a-fA-F]{64})$/.exec(part.trim())?.[1];
    if (hex !== undefined) given.push(hex);
  }
  let fits = false;
  for (const secret of secrets) {
    if (secret === "") continue;
    wantedDigest.write(hmacSha256(secret, rawBody), "latin1");
    for (const hex of given) {
      givenDigest.write(hex.toLowerCase(), "latin1");
      if (timingSafeEqual(givenDigest, wantedDigest)) fits = true;
    }
  }
  return fits;
}

// Digests in hexadecimal, as they are written in the header: what is compared in constant time must be bytes.
const wantedDigest = Buffer.alloc(64);
const givenDigest = Buffer.alloc(64);
