import { createHmac, timingSafeEqual } from "node:crypto";
import type { FrameworkRequest, FrameworkResponse } from "@mrdata/runtime";

const { MRDATA_WEBHOOK_SECRET: secret = "" } = process.env;
const publish = async (_data: Uint8Array, _attributes: { readonly event: string }): Promise<void> => {};

/** A correct receiver as anybody would write it: the signature on the raw bytes, JSON, a bus that takes everything. */
export const smallestReceiver = async (
  request: FrameworkRequest,
  response: FrameworkResponse,
): Promise<void> => {
  const body = request.rawBody ?? new Uint8Array();
  const given = Buffer.from(String(request.headers["x-pagerduty-signature"]));
  const wanted = Buffer.from(`v1=${createHmac("sha256", secret).update(body).digest("hex")}`);
  if (given.byteLength !== wanted.byteLength || !timingSafeEqual(given, wanted)) {
    response.statusCode = 403;
    response.end("");
    return;
  }
  const { event } = JSON.parse(Buffer.from(body).toString("utf8"));
  await publish(body, { event: event.id });
  response.statusCode = 200;
  response.end("");
};
