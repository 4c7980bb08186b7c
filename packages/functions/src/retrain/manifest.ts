import type { Manifest } from "@mrdata/runtime";
import { LEARN_TOPIC } from "../names.ts";

/** Drift is looked for daily; a training begins when the last one began a week ago, or something drifted. */
export const RETRAIN_CRON = "0 3 * * *";

export const retrainManifest = {
  name: "retrain",
  trigger: { kind: "schedule", cron: RETRAIN_CRON },
  needs: [
    {
      ledger: { timelines: "read", decisions: "read", settings: "write", aliases: "read", training: "write" },
    },
    { model: "read" },
    { history: "read" },
    { publish: LEARN_TOPIC },
  ],
  size: { memory: "512Mi", cpu: 1, concurrency: 1, maxInstances: 1, timeoutSeconds: 540 },
  wakesPeople: false,
  whileItFails:
    "While it does, no page is delayed by it: no training begins, and the champion stays until it is too old.",
} as const satisfies Manifest;
