import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * `v1=` and the HMAC-SHA256 of the raw body in hexadecimal: the value of `X-PagerDuty-Signature`.
 *
 * @example
 * ```ts
 * signBody(Buffer.from("{}"), "secret").slice(0, 11); // => "v1=77325902"
 * ```
 */
export const signBody = (rawBody: Uint8Array, secret: string): string =>
  `v1=${digestOf(rawBody, secret).toString("hex")}`;

/**
 * True if any `v1=` signature in the header matches the raw bytes under any of the secrets (PagerDuty developer docs,
 * Webhooks: verifying signatures). There are several while a secret is rotated; other versions are ignored. Constant
 * time with respect to secrets; never throws, whatever the header contains.
 *
 * @example
 * ```ts
 * const body = Buffer.from("{}");
 * verifySignature(body, signBody(body, "new"), ["old", "new"]); // => true
 * verifySignature(body, signBody(body, "other"), ["old", "new"]); // => false
 * verifySignature(body, null, ["old", "new"]); // => false
 * ```
 */
export function verifySignature(
  rawBody: Uint8Array,
  header: string | null,
  secrets: readonly string[],
): boolean {
  if (header === null) return false;
  const given: Buffer[] = [];
  for (const part of header.split(",")) {
    const hex = /^v1=([0-9a-fA-F]{64})$/.exec(part.trim())?.[1];
    if (hex !== undefined) given.push(Buffer.from(hex, "hex"));
  }
  let fits = false;
  for (const secret of secrets) {
    if (secret === "") continue;
    const wanted = digestOf(rawBody, secret);
    for (const digest of given) if (timingSafeEqual(digest, wanted)) fits = true;
  }
  return fits;
}

const digestOf = (rawBody: Uint8Array, secret: string): Buffer =>
  createHmac("sha256", secret).update(rawBody).digest();
