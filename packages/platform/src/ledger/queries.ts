import type { Comparison, DocumentQuery, DocumentValue } from "../document-store.ts";

type QueryShape = {
  /** The last segment of the collection's path, as Firestore's indexes name it. */
  readonly collection: string;
  readonly where: readonly { readonly field: string; readonly is: Comparison }[];
  readonly orderBy: readonly { readonly field: string; readonly direction: "asc" | "desc" }[];
};

/** Every query of the ledger. The indexes below are derived from this list alone. */
export const queries = {
  incidentsOpenedSince: {
    collection: "incidents",
    where: [
      { field: "openedAt", is: ">=" },
      { field: "openedAt", is: "<" },
    ],
    orderBy: [],
  },
  feedbackKept: { collection: "feedback", where: [], orderBy: [] },
  eventsOfIncident: { collection: "events", where: [], orderBy: [] },
  incidentsOfAlertType: {
    collection: "incidents",
    where: [
      { field: "alertType", is: "==" },
      { field: "openedAt", is: "<" },
    ],
    orderBy: [{ field: "openedAt", direction: "desc" }],
  },
  incidentsByOpening: {
    collection: "incidents",
    where: [{ field: "openedAt", is: ">=" }],
    orderBy: [{ field: "openedAt", direction: "asc" }],
  },
  predictionsLately: {
    collection: "predictions",
    where: [{ field: "openedAt", is: ">=" }],
    orderBy: [{ field: "openedAt", direction: "desc" }],
  },
  predictionsOfService: {
    collection: "predictions",
    where: [
      { field: "service", is: "==" },
      { field: "openedAt", is: ">=" },
    ],
    orderBy: [{ field: "openedAt", direction: "desc" }],
  },
  holdsUntil: {
    collection: "predictions",
    where: [{ field: "holdUntil", is: ">" }],
    orderBy: [{ field: "holdUntil", direction: "asc" }],
  },
  holdsUnsettled: {
    collection: "predictions",
    where: [{ field: "unsettled", is: "==" }],
    orderBy: [],
  },
  missesOfService: {
    collection: "predictions",
    where: [
      { field: "service", is: "==" },
      { field: "missedAt", is: ">=" },
    ],
    orderBy: [],
  },
  outcomesOfService: {
    collection: "incidents",
    where: [
      { field: "service", is: "==" },
      { field: "outcome", is: "==" },
      { field: "openedAt", is: ">=" },
    ],
    orderBy: [],
  },
  challengesSince: {
    collection: "challenges",
    where: [{ field: "openedAt", is: ">=" }],
    orderBy: [{ field: "openedAt", direction: "desc" }],
  },
  jobsLately: {
    collection: "jobs",
    where: [{ field: "createdAt", is: ">=" }],
    orderBy: [{ field: "createdAt", direction: "desc" }],
  },
  tasksOfJob: {
    collection: "tasks",
    where: [{ field: "job", is: "==" }],
    orderBy: [],
  },
} as const satisfies Readonly<Record<string, QueryShape>>;

export type QueryName = keyof typeof queries;

export const queryNames: readonly QueryName[] = [
  "incidentsOpenedSince",
  "eventsOfIncident",
  "incidentsOfAlertType",
  "incidentsByOpening",
  "predictionsLately",
  "predictionsOfService",
  "holdsUntil",
  "holdsUnsettled",
  "missesOfService",
  "outcomesOfService",
  "challengesSince",
  "jobsLately",
  "tasksOfJob",
];

/** The named query with its values filled in, in the order of its `where`. `path` is the collection's full path. */
export function queryOf(
  name: QueryName,
  path: string,
  values: readonly DocumentValue[],
  limit?: number,
): DocumentQuery {
  const shape: QueryShape = queries[name];
  if (path.split("/").at(-1) !== shape.collection)
    throw new RangeError(`query ${name} is of ${shape.collection}, not of ${path}`);
  if (values.length !== shape.where.length)
    throw new RangeError(`query ${name} takes ${shape.where.length} values, not ${values.length}`);
  return {
    collection: path,
    where: shape.where.map(({ field, is }, i) => ({ field, is, value: values[i] ?? null })),
    orderBy: shape.orderBy,
    ...(limit === undefined ? {} : { limit }),
  };
}

export type IndexField = { readonly field: string; readonly direction: "asc" | "desc" };
export type CompositeIndex = { readonly collection: string; readonly fields: readonly IndexField[] };

/**
 * The index that a query needs: equalities first, then the ordering, or the field of a range
 * (https://firebase.google.com/docs/firestore/query-data/index-overview).
 */
export function indexOf(name: QueryName): CompositeIndex {
  const shape: QueryShape = queries[name];
  const fields: IndexField[] = [];
  const add = (field: IndexField) => {
    if (!fields.some((known) => known.field === field.field)) fields.push(field);
  };
  for (const { field, is } of shape.where) if (is === "==") add({ field, direction: "asc" });
  for (const order of shape.orderBy) add(order);
  for (const { field } of shape.where) add({ field, direction: "asc" });
  return { collection: shape.collection, fields };
}

/** Firestore creates single-field indexes itself; composite ones must be declared. */
export const compositeIndexes: readonly CompositeIndex[] = queryNames
  .map(indexOf)
  .filter((index) => index.fields.length > 1);

/** SQLite creates none itself. */
export const allIndexes: readonly CompositeIndex[] = queryNames
  .map(indexOf)
  .filter((index) => index.fields.length > 0);

/** Long texts that no query uses: exempt from Firestore's automatic single-field indexes. */
export const unindexedFields: readonly { readonly collection: string; readonly field: string }[] = [
  { collection: "records", field: "state" },
  { collection: "predictions", field: "verdicts" },
  { collection: "predictions", field: "features" },
  { collection: "failures", field: "reason" },
];
