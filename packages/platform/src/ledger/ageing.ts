/**
 * Collections whose documents may go when they are old. Track records never do: they forget by themselves, and are what
 * the past leaves behind.
 */
export const ageing: readonly string[] = [
  "incidents",
  "events",
  "predictions",
  "failures",
  "challenges",
  "tasks",
];

/** The field with the time after which Firestore may delete a document (https://cloud.google.com/firestore/docs/ttl). */
export const EXPIRY_FIELD = "expireAt";

/** Whether documents of this path age. */
export const ages = (path: string): boolean => ageing.includes(path.split("/").at(-2) ?? "");
