import { createHash } from "node:crypto";
import { DEAD_TOPIC, LEARN_TOPIC, TOPIC } from "@mrdata/functions/manifests";
import type { Settings } from "../settings/settings.ts";

/** Names of everything, fixed so that nothing is named by chance; two stacks in one project differ by the suffix. */
export type Names = {
  /** Of Cloud Run services, and of functions, which have the same. */
  service(functionName: string): string;
  /** Where the service answers: known before it exists, and the audience of the tokens that callers show. */
  url(functionName: string): string;
  /** At most 30 characters, as ids of accounts are. */
  account(functionName: string): string;
  readonly pusher: string;
  readonly scheduler: string;
  readonly builder: string;
  topic(name: string): string;
  subscription(name: string): string;
  readonly deadLetters: string;
  /** Of a bucket: these are shared with the whole world. */
  bucket(what: "functions" | "models" | "history"): string;
  readonly database: string;
  secret(name: string): string;
  readonly repository: string;
  readonly model: string;
  /** Of the endpoint in Vertex AI: a number, as Google takes no other name. */
  readonly endpointId: string;
  readonly endpoint: string;
  /** Of the role that may ask an endpoint and nothing else. */
  readonly predictorRole: string;
  metric(name: string): string;
  /** Of the service in Cloud Monitoring that has the objectives. */
  readonly objectives: string;
};

export function namesOf({ project, projectNumber, region, suffix, database }: Settings): Names {
  const service = (name: string) => `mrdata-${name}${suffix}`;
  const ours = `mrdata${suffix}`;
  const endpointId = numberOf(`${project} ${ours}`);
  return {
    service,
    url: (name) => `https://${service(name)}-${projectNumber}.${region}.run.app`,
    // The account of the talk is the one that asks the model.
    account: (name) => (name === "respond" ? ours : service(name)),
    pusher: service("push"),
    scheduler: service("schedule"),
    builder: service("build"),
    topic: (name) => `${name}${suffix}`,
    subscription: (name) => `${name}${suffix}`,
    deadLetters: `${DEAD_TOPIC}-read${suffix}`,
    bucket: (what) => `${project}-mrdata-${what}${suffix}`,
    database: database ?? ours,
    secret: (name) => `mrdata-${name}${suffix}`,
    repository: ours,
    model: ours,
    endpointId,
    endpoint: `projects/${project}/locations/${region}/endpoints/${endpointId}`,
    predictorRole: `mrdataPredictor${suffix.replace("-", "_")}`,
    metric: (name) => `${ours}/${name}`,
    objectives: ours,
  };
}

/** Ten digits, the first no 0, out of a name: the same ones every time. */
const numberOf = (name: string): string =>
  String(1_000_000_000 + (createHash("sha256").update(name).digest().readUIntBE(0, 6) % 9_000_000_000));

/** The topic that everything goes through. */
export const mainTopic = TOPIC;
export const deadTopic = DEAD_TOPIC;
export const learnTopic = LEARN_TOPIC;
