import type { Manifest } from "@mrdata/runtime";
import { DEAD_TOPIC, LEARN_SUBSCRIPTION, LEARN_TOPIC } from "../names.ts";

/** One task at a time per instance, and as many instances as there are tasks: nothing has to be provisioned. */
export const learnManifest = {
  name: "learn",
  trigger: { kind: "push", subscription: LEARN_SUBSCRIPTION, topic: LEARN_TOPIC },
  needs: [
    {
      ledger: { timelines: "read", decisions: "read", aliases: "write", training: "write" },
    },
    { model: "write" },
    { history: "read" },
    { publish: LEARN_TOPIC },
    { publish: DEAD_TOPIC },
  ],
  size: { memory: "2048Mi", cpu: 1, concurrency: 1, maxInstances: 50, timeoutSeconds: 540 },
  // Pub/Sub's maximum: a task takes up to five minutes.
  ackDeadlineSeconds: 600,
  wakesPeople: false,
  whileItFails:
    "While it does, no page is delayed by it: nothing is learnt, and the champion stays until it is too old.",
} as const satisfies Manifest;
