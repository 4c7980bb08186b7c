/**
 * A further possible cause for a lost ping on Cloud Run; empty for any other URL. In projects created before 2021-04-08, Pub/Sub's service
 * account can push with a token only if it was granted the token creator role
 * (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions); newer projects need no grant.
 */
export const oldProjectHint = (webhookUrl: string): string =>
  new URL(webhookUrl).hostname.endsWith(".run.app")
    ? " In a project made before 2021-04-08 it may be that Pub/Sub cannot make the tokens that it pushes with: pulumi config set oldProject true, and pulumi up."
    : "";
