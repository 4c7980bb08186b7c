import { z } from "zod";
import type { EngineStack } from "../engine/support/engine-stack.ts";

const exported = z.object({
  deployment: z.object({
    resources: z.array(z.object({ urn: z.string(), type: z.string(), id: z.string().optional() })).nullish(),
    pending_operations: z.array(z.unknown()).nullish(),
  }),
});

/** A sentence for everything in which the stack's state and the cloud do not agree, and for what is half done. */
export async function inconsistencies({ stack, cloud }: EngineStack): Promise<readonly string[]> {
  const { stdout } = await stack.must(["stack", "export"]);
  const { deployment } = exported.parse(JSON.parse(stdout));
  const stated = (deployment.resources ?? [])
    .filter(({ type }) => type.startsWith("gcp:"))
    .map(({ id }) => id ?? "");
  const there = [...cloud.resources.keys()];
  // Enabled APIs and their agents are the project's, and stay when a stack goes.
  const ours = [...cloud.resources].filter(([, { type }]) => !/:Service(Identity)?$/.test(type));
  return [
    ...(deployment.pending_operations ?? []).map((one) => `pending: ${JSON.stringify(one).slice(0, 200)}`),
    ...stated.filter((id) => !there.includes(id)).map((id) => `${id} is in the state and not in the cloud`),
    ...ours
      .filter(([id]) => !stated.includes(id))
      .map(([id]) => `${id} is in the cloud and not in the state`),
    ...stated.filter((id, i) => stated.indexOf(id) !== i).map((id) => `${id} is in the state twice`),
  ];
}

/** What the cloud was told to make more than once. */
export const madeTwice = ({ cloud }: EngineStack): readonly string[] => {
  const made = cloud.done.filter(({ op }) => op === "create").map(({ id }) => id);
  return made.filter((id, i) => made.indexOf(id) !== i);
};
