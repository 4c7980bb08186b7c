import { grantId, type Kind, memberOf, text } from "../kind.ts";

const api = "aiplatform.googleapis.com";

const endpointOf = (props: Parameters<Kind["id"]>[0], id: string): string =>
  `projects/${text(props, "project")}/locations/${text(props, "location")}/endpoints/${id}`;

/** What stands in the cloud's list for a model that is deployed on an endpoint. */
export const deployedOn = (endpoint: string): string => `deployed on ${endpoint}`;

export const vertexKinds: Readonly<Record<string, Kind>> = {
  "gcp:vertex/aiEndpoint:AiEndpoint": {
    api,
    id: (props) => endpointOf(props, text(props, "name")),
    computed: (_, number) => ({ etag: `etag-${number}`, createTime: "2026-01-01T00:00:00Z" }),
    immutable: ["name", "project", "location", "region", "encryptionSpec.kmsKeyName", "network"],
    deletedFirst: true,
    collides: true,
    keeps: (props, others) =>
      others.includes(deployedOn(endpointOf(props, text(props, "name"))))
        ? "Error 400: Endpoint cannot be deleted while it has deployed or being-deployed models., failedPrecondition"
        : null,
  },
  "gcp:vertex/aiEndpointIamMember:AiEndpointIamMember": {
    api,
    id: (props) => grantId(endpointOf(props, text(props, "endpoint")), props),
    immutable: ["*"],
    collides: false,
    refersTo: (props) => [
      endpointOf(props, text(props, "endpoint")),
      ...memberOf(props),
      ...(text(props, "role").startsWith("projects/") ? [text(props, "role")] : []),
    ],
  },
};
