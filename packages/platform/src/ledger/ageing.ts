/**
 * Collections whose old documents may be deleted. Track records are never deleted: they decay by themselves and summarise
 * the past.
 */
export const ageing: readonly string[] = [
  "incidents",
  "events",
  "predictions",
  "failures",
  "challenges",
  "tasks",
];

/** The field that holds the time after which Firestore may delete a document (https://cloud.google.com/firestore/docs/ttl). */
export const EXPIRY_FIELD = "expireAt";

/** Whether the document at this path may be deleted when it is old. */
export const ages = (path: string): boolean => ageing.includes(path.split("/").at(-2) ?? "");
