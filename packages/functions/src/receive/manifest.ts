import type { Manifest } from "@mrdata/runtime";
import { TOPIC } from "../names.ts";

export const receiveManifest: Manifest = {
  name: "receive",
  trigger: { kind: "webhook" },
  needs: [{ publish: TOPIC }, { secret: "webhook-secret" }],
  size: { memory: "256Mi", cpu: 1, concurrency: 80, maxInstances: 10, timeoutSeconds: 10 },
};
