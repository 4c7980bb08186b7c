import { setImmediate } from "node:timers/promises";
import { manifests } from "@mrdata/functions/manifests";
import * as pulumi from "@pulumi/pulumi";
import { bundleAll, type FunctionArchive } from "./bundles.ts";
import type { Stack } from "./components/stack.ts";
import { readConfig } from "./config.ts";
import { deployedFunctions } from "./deployed-functions.ts";
import { refuseNamesOfOthers } from "./other-stacks.ts";
import { labelsOf } from "./plan/labels.ts";
import { namesOf } from "./plan/names.ts";
import { warnOfPolicies } from "./policy-findings.ts";
import { refuseChangedVersion } from "./published-version.ts";
import { refuseWrongProject } from "./right-project.ts";

export type Preflight = Pick<Stack, "settings" | "names" | "labels" | "deployed"> & {
  /** The bundled functions, by name. */
  readonly archives: ReadonlyMap<string, FunctionArchive>;
};

/**
 * Runs before the first resource: settings, names and bundles, and everything that is refused while nothing has
 * been created yet. Throws RunError with all that is wrong, for `pulumi` to show without a stack.
 */
export async function preflight(): Promise<Preflight> {
  const settings = await readConfig();
  const names = namesOf(settings);
  const labels = labelsOf(settings, pulumi.getStack());
  const [archives, deployed] = await Promise.all([
    // A turn later, so that sources are read while the questions below are on their way.
    setImmediate().then(bundleAll),
    deployedFunctions(settings, names, manifests),
    refuseWrongProject(settings),
    refuseNamesOfOthers({ settings, names, labels }),
    refuseChangedVersion({ settings, names }),
    warnOfPolicies(settings),
  ]);
  return { settings, names, labels, deployed, archives };
}
