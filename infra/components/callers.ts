import type { Manifest } from "@mrdata/functions/manifests";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Notify } from "./notify.ts";
import type { Stack } from "./stack.ts";

export interface CallersArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
  /** The functions that are called. Required. */
  readonly manifests: readonly Manifest[];
  /** Where Pub/Sub's own account is. Required. */
  readonly notify: Notify;
}

/** Whose tokens private functions are shown: one account that pushes, and one that calls by schedule where that is. */
export class Callers extends pulumi.ComponentResource {
  readonly pusher: gcp.serviceaccount.Account;
  readonly scheduler: gcp.serviceaccount.Account | null;

  constructor(
    name: string,
    { stack, manifests, notify }: CallersArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("mrdata:functions:Callers", name, {}, opts);
    const { settings, names, apis } = stack;
    const account = (who: string, accountId: string, displayName: string) =>
      new gcp.serviceaccount.Account(
        `${name}-${who}`,
        { project: settings.project, accountId, displayName },
        { parent: this, dependsOn: apis.of("iam.googleapis.com") },
      );
    this.pusher = account("pusher", names.pusher, "Mr Data: pushes events to private functions");
    this.scheduler = manifests.some(({ trigger }) => trigger.kind === "schedule")
      ? account("scheduler", names.scheduler, "Mr Data: calls functions by schedule")
      : null;
    // In younger projects Pub/Sub makes the tokens that it pushes with without being allowed to
    // (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions).
    if (settings.oldProject)
      new gcp.serviceaccount.IAMMember(
        `${name}-pubsub-makes-tokens`,
        {
          serviceAccountId: this.pusher.name,
          role: "roles/iam.serviceAccountTokenCreator",
          member: notify.agent.member,
        },
        { parent: this, dependsOn: [notify.agent.identity] },
      );
    this.registerOutputs({});
  }
}
