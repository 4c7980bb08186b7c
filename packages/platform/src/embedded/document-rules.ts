import { assertDocumentId, type DocumentData, type DocumentValue } from "../document-store.ts";

/** Firestore's limit on one document (Quotas and limits). */
const MOST_BYTES = 1_048_576;

/** Splits a document's path; throws RangeError unless it is collection/document, any number of times over. */
export function splitPath(path: string): { readonly collection: string; readonly id: string } {
  const segments = path.split("/");
  if (segments.length % 2 !== 0)
    throw new RangeError(`'${path}' is the path of a collection, not of a document`);
  for (const segment of segments) assertDocumentId(segment);
  return { collection: segments.slice(0, -1).join("/"), id: segments.at(-1) ?? "" };
}

/** The document as text, with Firestore's rules: no undefined, no list directly in a list, at most 1 MiB. */
export function encodeDocument(path: string, data: DocumentData): string {
  check(path, data, "", false);
  const json = JSON.stringify(data);
  const bytes = Buffer.byteLength(json);
  if (bytes > MOST_BYTES)
    throw new RangeError(`document ${path} has ${bytes} bytes, and ${MOST_BYTES} are the most`);
  return json;
}

function check(path: string, value: DocumentValue | undefined, field: string, inList: boolean): void {
  if (value === undefined) throw new RangeError(`document ${path}: field '${field}' is undefined`);
  if (typeof value === "number" && !Number.isFinite(value))
    throw new RangeError(`document ${path}: field '${field}' is not a finite number`);
  if (value === null || typeof value !== "object") return;
  if (isList(value)) {
    if (inList) throw new RangeError(`document ${path}: field '${field}' is a list directly in a list`);
    for (const one of value) check(path, one, field, true);
    return;
  }
  for (const [name, one] of Object.entries(value))
    check(path, one, field === "" ? name : `${field}.${name}`, false);
}

const isList = (value: DocumentValue): value is readonly DocumentValue[] => Array.isArray(value);
