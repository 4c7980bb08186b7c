import type { Manifest } from "@mrdata/runtime";
import { DEAD_TOPIC, MODEL_SUBSCRIPTION, TOPIC } from "../names.ts";

/**
 * As many concurrent requests as one call moves: pages waiting in one instance share their calls, and few instances
 * handle a storm.
 */
const CONCURRENCY = 250;

export const respondManifest = {
  name: "respond",
  trigger: { kind: "push", subscription: MODEL_SUBSCRIPTION, topic: TOPIC },
  needs: [
    {
      ledger: {
        timelines: "write",
        trackRecords: "read",
        decisions: "write",
        holds: "write",
        misses: "read",
        feedback: "write",
        checks: "read",
        settings: "write",
        aliases: "read",
        challenges: "write",
        operations: "write",
      },
    },
    { model: "read" },
    { publish: DEAD_TOPIC },
    { secret: "pagerduty-token" },
    { endpoint: "predict" },
  ],
  size: { memory: "512Mi", cpu: 1, concurrency: CONCURRENCY, maxInstances: 10, timeoutSeconds: 60 },
  whileItFails:
    "While it does, nothing new is held and no hold ends early: events come again, sweep pages every minute what waits on the bot without a hold, and PagerDuty itself escalates what is held when the hold window ends.",
} as const satisfies Manifest;
