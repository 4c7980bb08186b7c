import { z } from "zod";
import { lostCreation } from "./provider-id.ts";

const FUNCTION = "gcp:cloudfunctionsv2/function:Function";
const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
});
const declared = z.looseObject({
  urn: z.string(),
  type: z.string().default(""),
  outputs: z.record(z.string(), z.unknown()).optional(),
  initErrors: z.array(z.string()).optional(),
  /** Deleted first, to be made again: it is in the state until the new one is there. */
  pendingReplacement: z.boolean().optional(),
});
const exported = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(declared).default([]),
    pending_operations: z.array(z.looseObject({ type: z.string(), resource })).default([]),
  }),
});

export type Repaired = {
  /** As `pulumi stack import` takes it. */
  readonly state: unknown;
  /** Names of what `pulumi refresh` has to look for. */
  readonly assumed: readonly string[];
  /** Type and name of what may be there and cannot be looked for. */
  readonly unsure: readonly string[];
  /** Names of functions that are there and do not run. */
  readonly failed: readonly string[];
};

/**
 * A stack's state, from `pulumi stack export`, without creations that were under way when Pulumi was killed. What has a
 * name of its own is taken to be there, under the id that its provider gives it: `pulumi refresh` then asks, and takes
 * out again what is not. Where the old one had been deleted to be made again, the new one takes its place. A function whose
 * deployment failed, and of which a `refresh` has forgotten that, is marked as failed again: the program makes such a one anew.
 * Throws a ZodError for what is no such state.
 */
export function repairedState(state: unknown): Repaired {
  const { deployment, ...rest } = exported.parse(state);
  const { resources, pending_operations, ...others } = deployment;
  const known = new Set(resources.map(({ urn }) => urn));
  const replaced = new Set(resources.flatMap((one) => (one.pendingReplacement === true ? [one.urn] : [])));
  const lost = pending_operations
    .filter((one) => one.type === "creating")
    .map(({ resource: one }) => ({ one, came: lostCreation(one.type, one.inputs) }));
  const there = new Map(
    lost.flatMap(({ one, came }) =>
      came.kind === "named" && (!known.has(one.urn) || replaced.has(one.urn))
        ? [[one.urn, { ...one, id: came.id, outputs: one.inputs }] as const]
        : [],
    ),
  );
  const stuck = resources.filter(
    ({ urn, type, outputs, initErrors = [] }) =>
      type === FUNCTION && outputs?.state === "FAILED" && initErrors.length === 0 && !there.has(urn),
  );
  const kept = resources.map((one) => {
    if (stuck.includes(one)) return { ...one, initErrors: ["its state at Google is FAILED"] };
    return one.pendingReplacement === true ? (there.get(one.urn) ?? one) : one;
  });
  const added = [...there].flatMap(([urn, one]) => (known.has(urn) ? [] : [one]));
  const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;
  return {
    state: { ...rest, deployment: { ...others, resources: [...kept, ...added] } },
    assumed: [...there.keys()].map(nameOf),
    unsure: lost.flatMap(({ one, came }) =>
      came.kind === "numbered" ? [`${one.type} ${nameOf(one.urn)}`] : [],
    ),
    failed: stuck.map(({ urn }) => nameOf(urn)),
  };
}
