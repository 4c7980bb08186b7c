import type { Need } from "@mrdata/functions/manifests";
import { accessOf } from "@mrdata/platform/ledger/capabilities";

/** What a need becomes: one role on one resource. */
export type Grant = {
  /** The need in the manifest's words: `publish: pd-notify`. */
  readonly need: string;
  /** Ends the logical name of the grant. */
  readonly slug: string;
  readonly role: string;
  readonly on:
    | { readonly kind: "topic"; readonly topic: string }
    | { readonly kind: "database" }
    | { readonly kind: "secret"; readonly secret: string }
    | { readonly kind: "models" }
    | { readonly kind: "history" };
};

/** What is granted before a function is built. Whoever asks the endpoint is let to it last, by `Hosting`: a function works without. */
export type EarlyNeed = Exclude<Need, { readonly endpoint: string }>;

/** The needs of a function that a stack meets: nobody is let into the history bucket where nothing is imported from it. */
export const needsMet = (
  needs: readonly Need[],
  { historyImport }: { readonly historyImport: "on" | "off" },
): readonly EarlyNeed[] =>
  needs.filter(
    (need): need is EarlyNeed => !("endpoint" in need) && (!("history" in need) || historyImport === "on"),
  );

/** The grants of a function's needs, one for each and no other (https://cloud.google.com/iam/docs/understanding-roles). */
export const grantsOf = (needs: readonly EarlyNeed[]): readonly Grant[] => needs.map(grantOf);

function grantOf(need: EarlyNeed): Grant {
  if ("publish" in need)
    return {
      need: `publish: ${need.publish}`,
      slug: `publish-${need.publish}`,
      role: "roles/pubsub.publisher",
      on: { kind: "topic", topic: need.publish },
    };
  if ("ledger" in need)
    return {
      need: `ledger: ${accessOf(need.ledger)}`,
      slug: `ledger-${accessOf(need.ledger)}`,
      role: accessOf(need.ledger) === "write" ? "roles/datastore.user" : "roles/datastore.viewer",
      on: { kind: "database" },
    };
  if ("secret" in need)
    return {
      need: `secret: ${need.secret}`,
      slug: `secret-${need.secret}`,
      role: "roles/secretmanager.secretAccessor",
      on: { kind: "secret", secret: need.secret },
    };
  if ("history" in need)
    return {
      need: `history: ${need.history}`,
      slug: `history-${need.history}`,
      role: "roles/storage.objectViewer",
      on: { kind: "history" },
    };
  return {
    need: `model: ${need.model}`,
    slug: `model-${need.model}`,
    role: need.model === "write" ? "roles/storage.objectUser" : "roles/storage.objectViewer",
    on: { kind: "models" },
  };
}

/**
 * Firestore has no grants on one database: the role is given on the project, and a condition binds it to the database
 * (https://cloud.google.com/firestore/docs/manage-databases, "Configure per-database access permissions").
 */
export const onlyDatabase = (project: string, database: string) => ({
  title: "only-the-ledger",
  expression: `resource.name == "projects/${project}/databases/${database}"`,
});

/** The builds read what is deployed from a bucket that is Google's own and has a name by rule. */
export const onlyBuildSources = (projectNumber: string, region: string) => ({
  title: "only-sources-of-functions",
  expression: `resource.name.startsWith("projects/_/buckets/gcf-v2-sources-${projectNumber}-${region}")`,
});
