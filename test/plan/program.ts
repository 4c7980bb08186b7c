import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { leaveOutSdkDiagnostics } from "../../infra/sdk-diagnostics.ts";
import { bundledBefore } from "../support/bundled.ts";

/** One resource as the program registers it. */
export type Registered = {
  readonly name: string;
  readonly type: string;
  /** As the engine would get them; what is secret is `{ secret: true }` in its place. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Name of the parent; the stack's children have null. */
  readonly parent: string | null;
  readonly protect: boolean;
  readonly retain: boolean;
  /** Names of what it waits for beside what its inputs name. */
  readonly waitsFor: readonly string[];
  readonly deleteBeforeReplace: boolean | null;
};

export type Plan = {
  readonly resources: readonly Registered[];
  readonly outputs: Readonly<Record<string, unknown>>;
};

const program = pathToFileURL(join(import.meta.dirname, "../../infra/index.ts")).href;
let runs = 0;

export type Surroundings = {
  /** What the cloud answers when it is asked for what there is. */
  readonly ask?: (token: string, inputs: Readonly<Record<string, unknown>>) => Record<string, unknown>;
};

type Options = {
  parent: string | null;
  protect: boolean;
  retain: boolean;
  waits: Promise<readonly string[]>;
  deleteBeforeReplace: boolean | null;
};

/**
 * Runs the whole program under Pulumi's mocks with this configuration, as a preview of a stack that is new. Rejects with
 * the error that the program throws.
 */
export async function planOf(
  stack: string,
  config: Readonly<Record<string, string>>,
  surroundings: Surroundings = {},
): Promise<Plan> {
  await bundledBefore();
  // As where the program runs. A test that fails later has its whole stack again.
  const { stackTraceLimit } = Error;
  const prepared = Reflect.get(Error, "prepareStackTrace");
  leaveOutSdkDiagnostics();
  try {
    return await planWithoutDiagnostics(stack, config, surroundings);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Reflect.set(Error, "prepareStackTrace", prepared);
  }
}

async function planWithoutDiagnostics(
  stack: string,
  config: Readonly<Record<string, string>>,
  { ask = () => ({}) }: Surroundings,
): Promise<Plan> {
  const seen: { name: string; type: string; inputs: Record<string, unknown> }[] = [];
  const options = new Map<string, Options>();
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        seen.push({ name, type, inputs });
        return { id: `${name}-id`, state: { ...inputs, ...computed(type, name, inputs) } };
      },
      call: ({ token, inputs }) => ask(token, inputs),
    },
    "mrdata",
    stack,
    true,
  );
  pulumi.runtime.setAllConfig({ ...config });
  let failure: unknown = null;
  let outputs: Record<string, unknown> = {};
  const ran = await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation((args) => {
      options.set(keyOf(args.type, args.name), optionsOf(args.opts));
      return undefined;
    });
    try {
      const exported: Record<string, unknown> = await import(`${program}?run=${runs++}`);
      outputs = { ...exported };
    } catch (error) {
      failure = error;
    }
    return outputs;
  });
  await pulumi.runtime.disconnect();
  if (failure !== null) throw failure;
  const resources = await Promise.all(
    seen
      .filter(({ type }) => type !== "pulumi:pulumi:Stack")
      .map(async ({ name, type, inputs }) => {
        const known = options.get(keyOf(type, name));
        return {
          name,
          type,
          inputs: await withoutSecrets(inputs),
          parent: known?.parent ?? null,
          protect: known?.protect ?? false,
          retain: known?.retain ?? false,
          waitsFor: known === undefined ? [] : [...(await known.waits)].sort(),
          deleteBeforeReplace: known?.deleteBeforeReplace ?? null,
        };
      }),
  );
  return { resources, outputs: ran ?? outputs };
}

const keyOf = (type: string, name: string): string => `${type} ${name}`;

function optionsOf(opts: pulumi.CustomResourceOptions): Options {
  const { parent, dependsOn } = opts;
  return {
    parent: parent === undefined || isStack(parent) ? null : nameOf(parent),
    protect: opts.protect === true,
    retain: opts.retainOnDelete === true,
    waits: waitsOf(dependsOn),
    deleteBeforeReplace: opts.deleteBeforeReplace ?? null,
  };
}

async function waitsOf(dependsOn: unknown): Promise<readonly string[]> {
  const list = Array.isArray(dependsOn) ? dependsOn : dependsOn === undefined ? [] : [dependsOn];
  return (await Promise.all(list)).map(nameOf);
}

const nameOf = (resource: unknown): string =>
  typeof resource === "object" && resource !== null && "__name" in resource ? String(resource.__name) : "?";

const isStack = (resource: unknown): boolean =>
  typeof resource === "object" &&
  resource !== null &&
  "__pulumiType" in resource &&
  resource.__pulumiType === "pulumi:pulumi:Stack";

/** What the cloud computes of a resource and the program reads. */
function computed(type: string, name: string, inputs: Readonly<Record<string, unknown>>) {
  const project = String(inputs.project ?? "");
  if (type === "gcp:serviceaccount/account:Account") {
    const email = `${inputs.accountId}@${project}.iam.gserviceaccount.com`;
    return { email, member: `serviceAccount:${email}`, name: `projects/${project}/serviceAccounts/${email}` };
  }
  if (type === "gcp:cloudfunctionsv2/function:Function") return { state: "ACTIVE" };
  if (type === "gcp:secretmanager/secretVersion:SecretVersion") return { version: "1" };
  if (type === "gcp:monitoring/notificationChannel:NotificationChannel")
    return { name: `projects/${project}/notificationChannels/${name}` };
  if (type.endsWith(":VertexModel"))
    return { name: `projects/${project}/locations/${inputs.region}/models/${inputs.modelId}` };
  if (type.endsWith(":VertexModelVersion"))
    return {
      alias: inputs.alias,
      version: "1",
      name: `projects/${project}/locations/${inputs.region}/models/${inputs.modelId}@1`,
    };
  if (type === "gcp:projects/iAMCustomRole:IAMCustomRole")
    return { name: `projects/${project}/roles/${inputs.roleId}` };
  if (type.endsWith(":WebhookSubscription")) return { secret: "made-by-pagerduty" };
  if (type.endsWith(":ProbeSecret")) return { secret: "made-for-the-probe" };
  return {};
}

/** How the engine is told that a value is one (sdk/nodejs/runtime/rpc.ts). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** With promises (paths of assets are some) kept, and secrets not. */
async function withoutSecrets(
  value: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const entries = Object.entries(value).map(async ([name, inner]) => [name, await without(inner)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function without(promised: unknown): Promise<unknown> {
  const value = await promised;
  if (Array.isArray(value)) return Promise.all(value.map(without));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.fromEntries(Object.entries(value));
  return entries[SIGNATURE] === SECRET ? { secret: true } : withoutSecrets(entries);
}
