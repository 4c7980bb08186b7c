import { grantId, type Kind, memberOf, text } from "../kind.ts";

const api = "storage.googleapis.com";

export const storageKinds: Readonly<Record<string, Kind>> = {
  "gcp:storage/bucket:Bucket": {
    api,
    id: (props) => text(props, "name"),
    known: (props) => ({ url: `gs://${text(props, "name")}` }),
    immutable: ["name", "project", "location"],
    deletedFirst: true,
    // Names of buckets are the whole world's.
    collides: true,
    keeps: (props, others) =>
      props.forceDestroy !== true && others.some((one) => one.startsWith(`object ${text(props, "name")}/`))
        ? `googleapi: Error 409: The bucket you tried to delete is not empty., conflict`
        : null,
  },
  "gcp:storage/bucketObject:BucketObject": {
    api,
    id: (props) => `object ${text(props, "bucket")}/${text(props, "name")}`,
    computed: (_, number) => ({ generation: number, selfLink: `object-${number}` }),
    immutable: ["*"],
    deletedFirst: true,
    // An object of the same name takes the place of the one before.
    collides: false,
    refersTo: (props) => [text(props, "bucket")],
  },
  "gcp:storage/bucketIAMMember:BucketIAMMember": {
    api,
    id: (props) => grantId(text(props, "bucket"), props),
    immutable: ["*"],
    collides: false,
    refersTo: (props) => [text(props, "bucket"), ...memberOf(props)],
  },
};
