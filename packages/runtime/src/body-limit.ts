import type { IncomingHttpHeaders } from "node:http";
import type { Refusal } from "./door.ts";

/**
 * Checks a request's headers before its body is read: the body must be uncompressed, because a few compressed bytes may
 * expand to any number, and no longer than `mostBytes`. Null if it may be read; if the length is
 * not declared, the bytes have to be counted.
 */
export function bodyRefusal(headers: IncomingHttpHeaders, mostBytes: number): Refusal | null {
  const encoding = headers["content-encoding"]?.trim().toLowerCase();
  if (encoding !== undefined && encoding !== "" && encoding !== "identity")
    return {
      status: 415,
      reason: "encoding",
      error: "the body must not be compressed: send it without a Content-Encoding",
    };
  const length = headers["content-length"];
  return length !== undefined && Number(length) > mostBytes ? tooManyBytes(mostBytes) : null;
}

export const tooManyBytes = (mostBytes: number): Refusal => ({
  status: 413,
  reason: "size",
  error: `too large: the body may have at most ${mostBytes} bytes`,
});
