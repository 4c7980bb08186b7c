import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { type Grant, onlyDatabase } from "../plan/grants.ts";
import type { Buckets } from "./buckets.ts";
import type { Ledger } from "./ledger.ts";
import type { Notify } from "./notify.ts";
import type { Secret } from "./secret.ts";

/** What needs may be of. */
export type GrantTargets = {
  readonly project: string;
  readonly notify: Notify;
  readonly ledger: Ledger;
  readonly buckets: Buckets;
  readonly secrets: ReadonlyMap<string, Secret>;
};

/** Declares one grant, on the one resource that it is about. */
export function declareGrant(
  name: string,
  { on, role, need }: Grant,
  member: pulumi.Input<string>,
  { project, notify, ledger, buckets, secrets }: GrantTargets,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  switch (on.kind) {
    case "topic": {
      const topic = notify.named(on.topic).name;
      return new gcp.pubsub.TopicIAMMember(name, { project, topic, role, member }, opts);
    }
    case "database": {
      const condition = ledger.database.apply((database) => onlyDatabase(project, database));
      return new gcp.projects.IAMMember(name, { project, role, member, condition }, opts);
    }
    case "models":
      return new gcp.storage.BucketIAMMember(name, { bucket: buckets.models.name, role, member }, opts);
    case "history":
      return new gcp.storage.BucketIAMMember(name, { bucket: buckets.history.name, role, member }, opts);
    case "secret": {
      const secret = secrets.get(on.secret);
      if (secret === undefined) throw new Error(`no secret is declared for the need '${need}'`);
      const { secretId } = secret.secret;
      return new gcp.secretmanager.SecretIamMember(name, { project, secretId, role, member }, opts);
    }
  }
}
