import { ageing, EXPIRY_FIELD } from "@mrdata/platform/ledger/ageing";
import { compositeIndexes, unindexedFields } from "@mrdata/platform/ledger/queries";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "./stack.ts";

const DAY_SECONDS = 86_400;

export interface LedgerArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
}

/** The Firestore database of the ledger, with the indexes that its queries need and the expiry of what ages. */
export class Ledger extends pulumi.ComponentResource {
  /** Its name. */
  readonly database: pulumi.Output<string>;

  constructor(name: string, { stack }: LedgerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:platform:Ledger", name, {}, opts);
    const { settings, names } = stack;
    const { project } = settings;
    // One that was restored under another name is not made here, and has its indexes already.
    const isOurs = settings.database === null;
    this.database = isOurs ? this.declareDatabase(name, stack) : pulumi.output(names.database);
    const { database } = this;
    for (const { collection, fields } of isOurs ? compositeIndexes : [])
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
    const databaseIs = { project, database };
    // As many as Firestore takes: one of each kind, and 14 weeks at most (https://cloud.google.com/firestore/docs/backups).
    new gcp.firestore.BackupSchedule(
      `${name}-backup-daily`,
      { ...databaseIs, dailyRecurrence: {}, retention: `${7 * DAY_SECONDS}s` },
      { parent: this },
    );
    new gcp.firestore.BackupSchedule(
      `${name}-backup-weekly`,
      { ...databaseIs, weeklyRecurrence: { day: "SUNDAY" }, retention: `${98 * DAY_SECONDS}s` },
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
  private declareDatabase(name: string, { settings, names, apis }: Stack): pulumi.Output<string> {
    const { project, protect } = settings;
    return new gcp.firestore.Database(
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
        ...(settings.kmsKey !== null && { cmekConfig: { kmsKeyName: settings.kmsKey } }),
      },
      // Forgotten and not deleted where another database takes its place.
      { parent: this, protect, retainOnDelete: protect, dependsOn: apis.of("firestore.googleapis.com") },
    ).name;
  }
}
