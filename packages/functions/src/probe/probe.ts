import { randomUUID } from "node:crypto";
import { probeBody, type Send, signBody } from "@mrdata/pagerduty";
import { type Clock, type Log, type Secrets, secretLines } from "@mrdata/platform";
import { answer, type Handler, type HandlerResponse, reasonOf } from "@mrdata/runtime";
import { PROBE_HEADER } from "../receive/probe-header.ts";

export { probeManifest } from "./manifest.ts";

/** PagerDuty waits no longer than this for an answer (developer docs, Webhooks: behaviour). */
const ANSWER_WITHIN_MS = 5_000;

export type ProbePorts = {
  readonly secrets: Secrets;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly fetch: Send;
};

/**
 * Sends one signed probe to `receive`, as PagerDuty sends a webhook, from outside and over the public address. Its
 * arrival is reported by `respond` and `record` (`probe.heard`); this function only reports whether it was accepted.
 */
export function createProbe(
  { secrets, clock, log, fetch }: ProbePorts,
  { webhookUrl }: { readonly webhookUrl: string },
): Handler {
  const failed = (reason: string): HandlerResponse => {
    log({ severity: "WARNING", event: "probe.failed", reason });
    return answer(503, { error: reason });
  };
  return async function probe() {
    const [secret] = secretLines(await secrets.get("probe-secret"));
    if (secret === undefined) return failed("no probe secret is configured: pulumi up makes one");
    const id = `MRDATA-PROBE-${randomUUID()}`;
    const body = JSON.stringify(probeBody(id, clock.now()));
    try {
      const sent = await fetch(webhookUrl, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-pagerduty-signature": signBody(Buffer.from(body), secret),
          "x-webhook-id": id,
          [PROBE_HEADER]: "1",
        },
        body,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await sent.text();
      if (sent.status !== 200) return failed(`receive answered ${sent.status}`);
    } catch (error) {
      return failed(`receive gave no answer: ${reasonOf(error)}`);
    }
    log({ severity: "INFO", event: "probe.done", id });
    return answer(200, { sent: id });
  };
}
