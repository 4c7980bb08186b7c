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
  check(path, data, null, false);
  const json = JSON.stringify(data);
  const bytes = Buffer.byteLength(json);
  if (bytes > MOST_BYTES)
    throw new RangeError(`document ${path} has ${bytes} bytes, and ${MOST_BYTES} are the most`);
  return json;
}

/** A field and what it is in: it is written out only where something is wrong with it, for nearly nothing ever is. */
type Field = { readonly name: string; readonly within: Field | null } | null;

const written = (field: Field): string =>
  field === null ? "" : field.within === null ? field.name : `${written(field.within)}.${field.name}`;

const wrong = (path: string, field: Field, what: string) =>
  new RangeError(`document ${path}: field '${written(field)}' is ${what}`);

function check(path: string, value: DocumentValue | undefined, field: Field, inList: boolean): void {
  if (value === undefined) throw wrong(path, field, "undefined");
  if (typeof value === "number" && !Number.isFinite(value)) throw wrong(path, field, "not a finite number");
  if (value === null || typeof value !== "object") return;
  if (isList(value)) {
    if (inList) throw wrong(path, field, "a list directly in a list");
    for (const one of value) check(path, one, field, true);
    return;
  }
  for (const name in value) {
    const one = value[name];
    // Most values are texts, and there is nothing wrong with any.
    if (typeof one !== "string" && one !== null) check(path, one, { name, within: field }, false);
  }
}

const isList = (value: DocumentValue): value is readonly DocumentValue[] => Array.isArray(value);
