import type { Manifest } from "@mrdata/runtime";
import { TOPIC } from "../names.ts";

export const receiveManifest = {
  name: "receive",
  trigger: { kind: "webhook" },
  needs: [{ publish: TOPIC }, { secret: "webhook-secret" }, { secret: "probe-secret" }],
  size: { memory: "256Mi", cpu: 1, concurrency: 80, maxInstances: 10, timeoutSeconds: 10 },
  whileItFails:
    "While it does, PagerDuty sends each webhook again for up to 48 hours, an incident's later ones waiting behind it, and the bot gets no events: sweep looks every minute and pages what waits on the bot without a hold.",
} as const satisfies Manifest;
