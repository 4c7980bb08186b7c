import type { Manifest } from "../manifest.ts";
import { receiveManifest } from "./receive.ts";
import { recordManifest } from "./record.ts";
import { respondManifest } from "./respond.ts";
import { sweepManifest } from "./sweep.ts";

export { deployedDelivery } from "../delivery.ts";
export { parseDuration } from "../host/duration.ts";
export type { Manifest, Need, Trigger } from "../manifest.ts";
export * from "../names.ts";

/** Every deployed function, in the order in which an incident meets them. Nothing of their code is loaded with it. */
export const manifests: readonly Manifest[] = [
  receiveManifest,
  respondManifest,
  recordManifest,
  sweepManifest,
];
