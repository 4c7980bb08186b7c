import { z } from "zod";
import type { EngineStack } from "../engine/support/engine-stack.ts";

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          id: z.string().optional(),
          /** Deleted, to be made again by the next `up`: the state remembers what it was. */
          pendingReplacement: z.boolean().optional(),
        }),
      )
      .nullish(),
    pending_operations: z.array(z.unknown()).nullish(),
  }),
});

const listed = z.object({ webhook_subscriptions: z.array(z.object({ id: z.string() })) });

async function deploymentOf({ stack }: EngineStack) {
  const { stdout } = await stack.must(["stack", "export"]);
  return exported.parse(JSON.parse(stdout)).deployment;
}

/** What is in the stack's state. */
export const stated = async (on: EngineStack) => (await deploymentOf(on)).resources ?? [];

/** A sentence for everything in which the stack's state and the cloud do not agree, and for what is half done. */
export async function inconsistencies(on: EngineStack): Promise<readonly string[]> {
  const deployment = await deploymentOf(on);
  const resources = deployment.resources ?? [];
  const idsOf = (fits: (type: string) => boolean) =>
    resources
      .filter(({ type, pendingReplacement }) => fits(type) && pendingReplacement !== true)
      .map(({ id }) => id ?? "");
  // Enabled APIs and their agents are the project's, and stay when a stack goes.
  const isOfProject = (id: string) => /:Service(Identity)?$/.test(on.cloud.resources.get(id)?.type ?? "");

  const models = idsOf((type) => type.endsWith("mrdata:VertexModel"));
  const subscriptions = idsOf((type) => type.endsWith("mrdata:WebhookSubscription"));
  return [
    ...(deployment.pending_operations ?? []).map((one) => `pending: ${JSON.stringify(one).slice(0, 200)}`),
    ...between(
      idsOf((type) => type.startsWith("gcp:")),
      [...on.cloud.resources.keys()],
      isOfProject,
    ),
    ...between(models, [...on.vertex.registry.models.keys()].map(modelName)),
    ...between(
      idsOf((type) => type.endsWith("mrdata:VertexModelVersion")),
      versionsOf(on),
      // A model comes with its first version, and is in the state before the version is.
      (id) => id.endsWith("@1") && models.includes(id.replace(/@1$/, "")),
    ),
    ...between(
      subscriptions,
      await webhooksOf(on),
      // One whose creation failed half-way is deleted when the next is made: its secret is lost.
      () => subscriptions.length === 0,
    ),
  ];
}

function between(
  stated: readonly string[],
  there: readonly string[],
  mayStay: (id: string) => boolean = () => false,
): readonly string[] {
  return [
    ...stated.filter((id) => !there.includes(id)).map((id) => `${id} is in the state and not in the cloud`),
    ...there
      .filter((id) => !stated.includes(id) && !mayStay(id))
      .map((id) => `${id} is in the cloud and not in the state`),
    ...stated.filter((id, i) => stated.indexOf(id) !== i).map((id) => `${id} is in the state twice`),
  ];
}

/** Where the stack with everything on has its models. */
const modelName = (id: string): string => `projects/everything-project/locations/europe-west1/models/${id}`;

const versionsOf = ({ vertex }: EngineStack): readonly string[] =>
  [...vertex.registry.models].flatMap(([id, versions]) =>
    versions.map((version) => `${modelName(id)}@${version.id}`),
  );

/** The ids of PagerDuty's webhook subscriptions. */
export async function webhooksOf({ pagerduty }: EngineStack): Promise<readonly string[]> {
  // Past the fault that is being played.
  const { rest } = pagerduty.faults.now();
  pagerduty.faults.set({ rest: "ok" });
  const headers = { authorization: "Token token=planted-pagerduty-token" };
  const answer = await pagerduty.fetch("http://pagerduty/webhook_subscriptions", { headers });
  pagerduty.faults.set({ rest });
  return listed.parse(await answer.json()).webhook_subscriptions.map(({ id }) => id);
}

/** What the cloud was told to make more than once. */
export const madeTwice = ({ cloud }: EngineStack): readonly string[] => {
  const made = cloud.done.filter(({ op }) => op === "create").map(({ id }) => id);
  return made.filter((id, i) => made.indexOf(id) !== i);
};
