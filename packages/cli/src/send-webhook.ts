import { randomUUID } from "node:crypto";
import { signBody } from "@mrdata/pagerduty";

export type Sent = { readonly status: number; readonly answer: string };

/** POSTs a webhook as PagerDuty does: signed over the raw bytes, with its headers and a timeout of 5 s. */
export async function sendWebhook(url: string, body: Uint8Array, secret: string): Promise<Sent> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": "PagerDuty-Webhook/V3.0",
      "x-pagerduty-signature": signBody(body, secret),
      "x-webhook-id": randomUUID(),
    },
    body: Buffer.from(body),
    signal: AbortSignal.timeout(5_000),
  });
  return { status: response.status, answer: (await response.text()).trim() };
}

/** The reason for a refusal, from the response body. */
export function errorIn(answer: string): string {
  try {
    const parsed: unknown = JSON.parse(answer);
    if (typeof parsed === "object" && parsed !== null && "error" in parsed) return String(parsed.error);
  } catch {
    // A proxy in front of the function may respond with an HTML page.
  }
  return answer.slice(0, 200);
}
