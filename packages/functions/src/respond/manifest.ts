import type { Manifest } from "@mrdata/runtime";
import { DEAD_TOPIC, MODEL_SUBSCRIPTION, TOPIC } from "../names.ts";

export const respondManifest: Manifest = {
  name: "respond",
  trigger: { kind: "push", subscription: MODEL_SUBSCRIPTION, topic: TOPIC },
  needs: [{ ledger: "write" }, { model: "read" }, { publish: DEAD_TOPIC }, { secret: "pagerduty-token" }],
  size: { memory: "512Mi", cpu: 1, concurrency: 40, maxInstances: 10, timeoutSeconds: 60 },
  whileItFails:
    "While it does, nothing new is held and no hold ends early: events come again, sweep pages every minute what waits on the bot without a hold, and PagerDuty itself escalates what is held when the hold window ends.",
};
