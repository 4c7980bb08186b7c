import { ageing, EXPIRY_FIELD } from "@mrdata/platform/ledger/ageing";
import { compositeIndexes, unindexedFields } from "@mrdata/platform/ledger/queries";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "./stack.ts";

export interface LedgerArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
}

/** The Firestore database of the ledger, with the indexes that its queries need and the expiry of what ages. */
export class Ledger extends pulumi.ComponentResource {
  readonly database: gcp.firestore.Database;

  constructor(name: string, { stack }: LedgerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:platform:Ledger", name, {}, opts);
    const { settings, names, apis } = stack;
    const { project, protect } = settings;
    this.database = new gcp.firestore.Database(
      `${name}-database`,
      {
        project,
        name: names.database,
        locationId: settings.region,
        type: "FIRESTORE_NATIVE",
        concurrencyMode: "PESSIMISTIC",
        pointInTimeRecoveryEnablement: "POINT_IN_TIME_RECOVERY_ENABLED",
        deleteProtectionState: protect ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED",
        deletionPolicy: "DELETE",
      },
      { parent: this, protect, dependsOn: apis.of("firestore.googleapis.com") },
    );
    const database = this.database.name;
    for (const { collection, fields } of compositeIndexes)
      new gcp.firestore.Index(
        `${name}-index-${collection}-${fields.map(({ field }) => field).join("-")}`,
        {
          project,
          database,
          collection,
          queryScope: "COLLECTION",
          fields: fields.map(({ field, direction }) => ({
            fieldPath: field,
            order: direction === "asc" ? "ASCENDING" : "DESCENDING",
          })),
        },
        { parent: this },
      );
    // An empty list of indexes is what exempts a field.
    for (const { collection, field } of unindexedFields)
      new gcp.firestore.Field(
        `${name}-unindexed-${collection}-${field}`,
        { project, database, collection, field, indexConfig: {} },
        { parent: this },
      );
    for (const collection of ageing)
      new gcp.firestore.Field(
        `${name}-expiry-${collection}`,
        { project, database, collection, field: EXPIRY_FIELD, ttlConfig: {}, indexConfig: {} },
        { parent: this },
      );
    this.registerOutputs({ database });
  }
}
