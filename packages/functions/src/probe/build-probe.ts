import { type BuildContext, type Handler, portsFor } from "@mrdata/runtime";
import { createProbe, probeManifest } from "./probe.ts";

export async function buildProbe({
  environment,
  backend,
  clock,
  log,
  fetch,
}: BuildContext): Promise<Handler> {
  const { secrets } = await portsFor(probeManifest, backend, log);
  const webhookUrl = environment.MRDATA_WEBHOOK_URL;
  if (webhookUrl === null)
    throw new Error("MRDATA_WEBHOOK_URL is not set: where receive takes webhooks, and so probes");
  return createProbe({ secrets, clock, log, fetch: fetch ?? globalThis.fetch }, { webhookUrl });
}
