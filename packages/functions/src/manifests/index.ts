import type { Manifest } from "@mrdata/runtime";
import { digestManifest } from "../digest/manifest.ts";
import { learnManifest } from "../learn/manifest.ts";
import { probeManifest } from "../probe/manifest.ts";
import { receiveManifest } from "../receive/manifest.ts";
import { recordManifest } from "../record/manifest.ts";
import { reportManifest } from "../report/manifest.ts";
import { respondManifest } from "../respond/manifest.ts";
import { retrainManifest } from "../retrain/manifest.ts";
import { sweepManifest } from "../sweep/manifest.ts";

export type { Manifest, Need, Trigger } from "@mrdata/runtime";
export * from "../names.ts";
export { deployedDelivery } from "../push/delivery.ts";
export { RETRAIN_CRON } from "../retrain/manifest.ts";

/**
 * Every deployed function, in the order in which an incident meets them, then those for people. Loads none of their
 * code.
 */
export const manifests: readonly Manifest[] = [
  receiveManifest,
  respondManifest,
  recordManifest,
  sweepManifest,
  retrainManifest,
  learnManifest,
  reportManifest,
  probeManifest,
  digestManifest,
];
