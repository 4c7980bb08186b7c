import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { onlyBuildSources } from "../plan/grants.ts";
import type { Buckets } from "./buckets.ts";
import type { Stack } from "./stack.ts";

export interface BuilderArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
  /** Where the sources of the functions are. Required. */
  readonly buckets: Buckets;
}

/** Who builds the functions, where their images are, and the least that building takes. */
export class Builder extends pulumi.ComponentResource {
  readonly account: gcp.serviceaccount.Account;
  readonly repository: gcp.artifactregistry.Repository;
  /** A build that starts before these fails. */
  readonly grants: pulumi.CustomResource[];

  constructor(name: string, { stack, buckets }: BuilderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:infra:Builder", name, {}, opts);
    const { settings, names, labels, apis } = stack;
    const { project, projectNumber, region } = settings;
    this.account = new gcp.serviceaccount.Account(
      `${name}-account`,
      { project, accountId: names.builder, displayName: "Mr Data: builds the functions" },
      { parent: this, dependsOn: apis.of("iam.googleapis.com", "cloudbuild.googleapis.com") },
    );
    this.repository = new gcp.artifactregistry.Repository(
      `${name}-images`,
      {
        project,
        location: region,
        repositoryId: names.repository,
        format: "DOCKER",
        description: "Images of Mr Data's functions",
        cleanupPolicies: [
          { id: "keep-ten", action: "KEEP", mostRecentVersions: { keepCount: 10 } },
          { id: "delete-old", action: "DELETE", condition: { olderThan: "2592000s" } },
        ],
        labels,
      },
      { parent: this, dependsOn: apis.of("artifactregistry.googleapis.com") },
    );
    const { member } = this.account;
    const sources = onlyBuildSources(projectNumber, region);
    this.grants = [
      new gcp.artifactregistry.RepositoryIamMember(
        `${name}-writes-images`,
        {
          project,
          location: region,
          repository: this.repository.repositoryId,
          role: "roles/artifactregistry.writer",
          member,
        },
        { parent: this },
      ),
      new gcp.storage.BucketIAMMember(
        `${name}-reads-functions`,
        { bucket: buckets.functions.name, role: "roles/storage.objectViewer", member },
        { parent: this },
      ),
      new gcp.projects.IAMMember(
        `${name}-reads-sources`,
        { project, role: "roles/storage.objectViewer", member, condition: sources },
        { parent: this },
      ),
      // Google offers neither a narrower resource nor a condition for writing log entries.
      new gcp.projects.IAMMember(
        `${name}-writes-logs`,
        { project, role: "roles/logging.logWriter", member },
        { parent: this },
      ),
    ];
    this.registerOutputs({ account: this.account.email });
  }
}
