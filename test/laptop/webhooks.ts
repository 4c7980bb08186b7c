import { probeBody, signBody } from "@mrdata/pagerduty";
import { bytesOf, webhook } from "../support/webhooks.ts";

/** PagerDuty's signing secret on a laptop. */
export const SECRET = "signing-secret-of-the-laptop";

/** Sends a signed webhook; answers with the status. */
export async function send(
  url: string,
  body: Buffer,
  secret = SECRET,
  more: Readonly<Record<string, string>> = {},
): Promise<number> {
  const signature = signBody(body, secret);
  const headers = { "content-type": "application/json", "x-pagerduty-signature": signature, ...more };
  const answer = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
  await answer.arrayBuffer();
  return answer.status;
}

/** Sends a probe as `probe` does. */
export const sendProbe = (url: string, secret: string): Promise<number> =>
  send(url, bytesOf(probeBody("PROBE1", Date.now())), secret, { "x-mrdata-probe": "1" });

/** An incident that resolved itself after seven minutes: within the declared window of ten, and not within five. */
export function story(incident: string): readonly Buffer[] {
  const at = Date.now() - 3_600_000;
  return [
    webhook({ type: "triggered", incident, at }),
    webhook({ type: "resolved", incident, at: at + 7 * 60_000 }),
  ].map(bytesOf);
}
