import { setTimeout } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/**
 * Known once the resource is made. A preview knows its name instead, so that a plan that is saved says what rests on what.
 * Never known where `--target` leaves the resource out: there is nothing to wait for then.
 */
export const madeOf = ({ id, urn }: pulumi.CustomResource): pulumi.Output<string> =>
  pulumi.runtime.isDryRun() ? urn : id;

/** How often a wait logs the time left. */
const LOG_INTERVAL_MS = 10_000;

/**
 * `value`, once `grants` have been there for as long as Google may need to know them everywhere. A build or a start that
 * comes earlier fails, and leaves a function that no update repairs
 * (https://cloud.google.com/iam/docs/access-change-propagation). A preview waits for nothing.
 */
export function onceGranted(
  value: pulumi.Output<string>,
  grants: readonly pulumi.CustomResource[],
  { waitMs, resource }: { readonly waitMs: number; readonly resource: pulumi.Resource },
): pulumi.Output<string> {
  return pulumi.all([value, pulumi.all(grants.map(madeOf))]).apply(async ([known]) => {
    if (pulumi.runtime.isDryRun()) return known;
    for (let left = waitMs; left > 0; left -= LOG_INTERVAL_MS) {
      await pulumi.log.info(
        `waits ${Math.ceil(left / 1000)} s until Google knows the new grants everywhere`,
        resource,
        undefined,
        true,
      );
      await setTimeout(Math.min(left, LOG_INTERVAL_MS));
    }
    return known;
  });
}
