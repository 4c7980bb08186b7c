import { type Kind, type Props, text } from "../kind.ts";

const api = "firestore.googleapis.com";
const databaseOf = (props: Props, name: string) => `projects/${text(props, "project")}/databases/${name}`;

export const firestoreKinds: Readonly<Record<string, Kind>> = {
  "gcp:firestore/database:Database": {
    api,
    id: (props) => databaseOf(props, text(props, "name")),
    computed: (_, number) => ({ uid: `database-${number}` }),
    immutable: ["name", "project", "locationId"],
    deletedFirst: true,
    collides: true,
    keptName(props, minutes) {
      const left = minutes.left("names", databaseOf(props, text(props, "name")));
      return left === 0
        ? null
        : `Error 400: Database ID '${text(props, "name")}' is not available in project '${text(props, "project")}'. Please retry in ${Math.ceil(left * 60)} seconds., failedPrecondition`;
    },
    keeps: (props) =>
      props.deleteProtectionState === "DELETE_PROTECTION_ENABLED"
        ? "googleapi: Error 400: Database has delete protection enabled. Disable it before the database is deleted., failedPrecondition"
        : null,
    abandoned: (props) => (props.deletionPolicy ?? "ABANDON") === "ABANDON",
  },
  "gcp:firestore/backupSchedule:BackupSchedule": {
    api,
    // Firestore numbers schedules itself, and has one of each kind at most.
    id: (props) =>
      `${databaseOf(props, text(props, "database"))}/backupSchedules/${props.weeklyRecurrence === undefined ? "daily" : "weekly"}`,
    computed: (props, number) => ({
      name: `${databaseOf(props, text(props, "database"))}/backupSchedules/${number}`,
    }),
    immutable: ["project", "database", "dailyRecurrence", "weeklyRecurrence"],
    deletedFirst: true,
    collides: true,
    refersTo: (props) => [databaseOf(props, text(props, "database"))],
  },
  "gcp:firestore/index:Index": {
    api,
    id: (props, number) =>
      `${databaseOf(props, text(props, "database"))}/collectionGroups/${text(props, "collection")}/indexes/${number}`,
    immutable: ["*"],
    collides: false,
    refersTo: (props) => [databaseOf(props, text(props, "database"))],
  },
  "gcp:firestore/field:Field": {
    api,
    id: (props) =>
      `${databaseOf(props, text(props, "database"))}/collectionGroups/${text(props, "collection")}/fields/${text(props, "field")}`,
    immutable: ["project", "database", "collection", "field"],
    collides: false,
    refersTo: (props) => [databaseOf(props, text(props, "database"))],
  },
};
