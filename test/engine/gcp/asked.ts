import { type Cloud, managerIsOff } from "./cloud.ts";
import type { Props } from "./kind.ts";

/** What Google answers to a question about what there is (the data sources of the provider). Throws for any other. */
export function askedOf(cloud: Cloud, token: string, args: Props): Props {
  const { resources } = cloud;
  switch (token) {
    case "gcp:organizations/getClientConfig:getClientConfig":
      return { id: "client", accessToken: "any", project: "", region: "", zone: "", defaultLabels: {} };
    case "gcp:organizations/getProject:getProject": {
      const project = String(args.projectId);
      if (!cloud.resourceManager) throw new Error(`googleapi: ${managerIsOff(project)}`);
      const number = cloud.projectNumbers.get(project);
      if (number === undefined)
        throw new Error(`googleapi: Error 403: The caller does not have permission, forbidden`);
      return { id: `projects/${project}`, projectId: project, number };
    }
    case "gcp:cloudfunctionsv2/getFunction:getFunction": {
      const id = `projects/${args.project}/locations/${args.location}/functions/${args.name}`;
      const there = resources.get(id);
      if (there === undefined) throw new Error(`googleapi: Error 404: Resource '${id}' was not found`);
      const { state, description, serviceConfig } = there.props;
      return { id, state, description, serviceConfigs: [serviceConfig] };
    }
    case "gcp:storage/getBuckets:getBuckets": {
      const prefix = String(args.prefix ?? "");
      const buckets = [...resources.values()]
        .filter(({ type, props }) => type.endsWith(":Bucket") && String(props.name).startsWith(prefix))
        .map(({ props }) => ({ name: props.name, labels: props.labels }));
      return { id: "buckets", buckets };
    }
    case "gcp:storage/getBucketObjectContent:getBucketObjectContent": {
      const there = resources.get(`object ${args.bucket}/${args.name}`);
      if (there === undefined)
        throw new Error(`googleapi: Error 404: No such object: ${args.bucket}/${args.name}, notFound`);
      const { source } = there.props;
      const content = typeof source === "object" && source !== null && "text" in source ? source.text : "";
      return { id: `${args.bucket}-${args.name}`, content };
    }
    default:
      throw new Error(`the double of Google Cloud was not taught to answer ${token}`);
  }
}
