import type { HandlerRequest } from "./answer.ts";

/** PagerDuty guarantees 55 KB and sends up to 256 KB as best it can (developer docs, Webhooks: behaviour). */
export const MAX_BODY = 256 * 1024;
/** A pushed message is a webhook in base64 and its envelope. */
export const MAX_PUSH = 512 * 1024;

export class BodyTooLargeError extends Error {}

/** The raw bytes of a request. Throws BodyTooLargeError as soon as there are more than `most`. */
export async function readBody(request: HandlerRequest, most: number): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > most)
    throw new BodyTooLargeError(`more than ${most} bytes`);
  const body = await request.bytes();
  if (body.byteLength > most) throw new BodyTooLargeError(`more than ${most} bytes`);
  return body;
}
