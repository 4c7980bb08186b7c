import type { HandlerRequest } from "./answer.ts";

/** PagerDuty guarantees 55 KB and sends up to 256 KB on a best-effort basis (developer docs, Webhooks: behaviour). */
export const MAX_BODY = 256 * 1024;
/** A pushed message is a base64-encoded webhook in its envelope. */
export const MAX_PUSH = 512 * 1024;

export class BodyTooLargeError extends Error {}

/** The raw bytes of a request. Throws BodyTooLargeError as soon as there are more than `most`. */
export async function readBody(request: HandlerRequest, most: number): Promise<Uint8Array> {
  const tooLarge = () => new BodyTooLargeError(`more than ${most} bytes`);
  if (isTooLarge(request, most)) throw tooLarge();
  const body = request.rawBody ?? (await request.bytes());
  if (body.byteLength > most) throw tooLarge();
  return body;
}

/** True if the request declares, or the host has already read, more than `most` bytes. */
export const isTooLarge = ({ headers, rawBody }: HandlerRequest, most: number): boolean =>
  Number(headers.get("content-length") ?? 0) > most || (rawBody?.byteLength ?? 0) > most;
