/**
 * What else it may be that a ping does not come through, where Google's own service takes it: empty for any other URL. In a
 * project that was made before 2021-04-08 Pub/Sub's account may push with a token only once it is granted the token creator's
 * role (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions); elsewhere it needs no grant.
 */
export const oldProjectHint = (webhookUrl: string): string =>
  new URL(webhookUrl).hostname.endsWith(".run.app")
    ? " In a project made before 2021-04-08 it may be that Pub/Sub cannot make the tokens that it pushes with: pulumi config set oldProject true, and pulumi up."
    : "";
