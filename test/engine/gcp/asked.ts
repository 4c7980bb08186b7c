import type { Cloud } from "./cloud.ts";
import type { Props } from "./kind.ts";

/** What Google answers to a question about what there is (the data sources of the provider). Throws for any other. */
export function askedOf({ resources }: Pick<Cloud, "resources">, token: string, args: Props): Props {
  switch (token) {
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
