import { at, each, type Rule, set, setIn, textAt } from "../rule.ts";
import { DAY, within } from "./quantities.ts";

/** What the databases, buckets and registries of Google refuse and the provider's own check lets pass. */
export const dataLimits: readonly Rule[] = [
  each(
    "buckets have names that the world takes",
    ["Bucket"],
    ({ name }) =>
      /^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$/.test(String(name)) && !/^goog|google|g00gle/.test(String(name))
        ? null
        : `'${name}'`,
    [
      set("Bucket", "name", "My_Bucket"),
      set("Bucket", "name", "goog-models"),
      set("Bucket", "name", "a".repeat(64)),
    ],
    "https://cloud.google.com/storage/docs/buckets#naming",
  ),
  each(
    "what was deleted comes back for 7 to 90 days, or never",
    ["Bucket"],
    (inputs) => {
      const kept = Number(at(inputs, "softDeletePolicy.retentionDurationSeconds"));
      return kept === 0 || within(kept, 7 * DAY, 90 * DAY) ? null : `${kept} s`;
    },
    [set("Bucket", "softDeletePolicy.retentionDurationSeconds", 60)],
    "https://cloud.google.com/storage/docs/soft-delete",
  ),
  each(
    "an index has two fields or more, each with an order",
    ["Index"],
    ({ fields }) => {
      if (!Array.isArray(fields) || fields.length < 2) return "one field has its index by itself";
      return fields.every((field) => /^(ASCENDING|DESCENDING)$/.test(textAt(field, "order")))
        ? null
        : "a field has no order";
    },
    [
      set("Index", "fields", [{ fieldPath: "a", order: "ASCENDING" }]),
      set("Index", "fields.0.order", undefined),
    ],
    "https://firebase.google.com/docs/firestore/query-data/index-overview",
  ),
  each(
    "secrets have ids that Secret Manager takes",
    ["Secret"],
    ({ secretId }, { type }) =>
      type.startsWith("mrdata:") || /^[A-Za-z0-9_-]{1,255}$/.test(String(secretId)) ? null : `'${secretId}'`,
    [setIn("webhook-pagerduty-token-secret", "secretId", "a b/c")],
    "https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create",
  ),
  each(
    "models have ids, images and artifacts that Vertex AI takes",
    ["VertexModel", "VertexModelVersion"],
    (inputs) => {
      if (!/^[a-z_][a-z0-9_-]{0,62}$/.test(textAt(inputs, "modelId")))
        return `id '${textAt(inputs, "modelId")}'`;
      return /^gs:\/\/.+\/$/.test(textAt(inputs, "artifactUri")) ? null : textAt(inputs, "artifactUri");
    },
    [
      set("VertexModel", "modelId", "1mrdata"),
      set("VertexModelVersion", "artifactUri", "gs://bucket/v1/model.bst"),
    ],
    "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.models/upload",
  ),
  each(
    "endpoints are called by up to ten digits, and leave their traffic to what is deployed",
    ["AiEndpoint"],
    ({ name, trafficSplit }) => {
      if (!/^[1-9][0-9]{0,9}$/.test(String(name))) return `'${name}'`;
      return trafficSplit === undefined ? null : "it splits traffic";
    },
    [
      set("AiEndpoint", "name", "mrdata"),
      set("AiEndpoint", "name", "0123456789"),
      set("AiEndpoint", "name", "12345678901"),
      set("AiEndpoint", "trafficSplit", "100"),
    ],
    "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints",
  ),
  each(
    "what is deployed is called by up to ten digits, and runs on one machine of a known kind",
    ["VertexDeployment"],
    (inputs) => {
      if (!/^[0-9]{1,10}$/.test(textAt(inputs, "deployedModelId"))) return textAt(inputs, "deployedModelId");
      return /^(n1|n2|e2|c2|c3)-(standard|highmem|highcpu)-\d+$/.test(textAt(inputs, "machineType"))
        ? null
        : `machine '${textAt(inputs, "machineType")}'`;
    },
    [set("VertexDeployment", "deployedModelId", "v1"), set("VertexDeployment", "machineType", "e2-micro")],
    "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints#DeployedModel",
  ),
];
