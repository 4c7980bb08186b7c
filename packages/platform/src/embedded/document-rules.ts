import { itemAt } from "@mrdata/base";
import { assertDocumentId, type DocumentData, type DocumentValue } from "../document-store.ts";
import {
  FLAG_BYTES,
  MAP_BYTES,
  MAX_BYTES,
  MAX_LEVELS,
  MAX_NAME_BYTES,
  MAX_PATH_BYTES,
  MAX_TEXT_BYTES,
  NUMBER_BYTES,
  PATH_BYTES,
} from "./limits.ts";
import { bytesIfOrdinary } from "./ordinary-document.ts";

/** Splits a document's path; throws RangeError unless it is collection/document, repeated any number of times. */
export function splitPath(path: string): { readonly collection: string; readonly id: string } {
  const segments = path.split("/");
  if (segments.length % 2 !== 0)
    throw new RangeError(`'${path}' is the path of a collection, not of a document`);
  for (const segment of segments) assertDocumentId(segment);
  if (path.length * 3 > MAX_PATH_BYTES && Buffer.byteLength(path) > MAX_PATH_BYTES)
    throw new RangeError(`'${path.slice(0, 80)}…' is longer than ${MAX_PATH_BYTES} bytes`);
  return { collection: segments.slice(0, -1).join("/"), id: itemAt(segments, -1) };
}

/**
 * The document as text, by Firestore's rules. Throws RangeError, naming the field, for values that no document can hold: undefined,
 * NaN or infinity, a list directly in a list, a name that is empty, reserved (`__x__`) or too long, a lone surrogate,
 * a text over 1,048,487 bytes, more than 20 levels; and for a document over 1 MiB.
 */
export function encodeDocument(path: string, data: DocumentData): string {
  const most = bytesIfOrdinary(data) ?? checkDocument(path, data);
  // Nearly every document is far below the limit, however many bytes its characters take.
  if (most + 3 * path.length > MAX_BYTES - 1_000) assertSize(path, data);
  return JSON.stringify(data);
}

/** Checks every field by Firestore's rules and throws as `encodeDocument` does; returns an upper bound of the document's size in bytes. */
export const checkDocument = (path: string, data: DocumentData): number => checkMap(path, data, null, 0);

/** Whether Firestore accepts the field name; the names of the enclosing fields are not checked. */
export const isFieldName = (name: string): boolean =>
  name !== "" &&
  !(name.startsWith("__") && name.endsWith("__") && name.length >= 4) &&
  name.isWellFormed() &&
  (3 * name.length <= MAX_NAME_BYTES || Buffer.byteLength(name) <= MAX_NAME_BYTES);

/** A field with its enclosing field. The full path is built only for errors, because nearly every document is valid. */
type Field = { readonly name: string; readonly within: Field | null; readonly length: number } | null;

const written = (field: Field): string =>
  field === null ? "" : field.within === null ? field.name : `${written(field.within)}.${field.name}`;

/** The field's name made safe for an error: the original may be long and contain anything. */
const shown = (field: Field): string => {
  const text = written(field).toWellFormed();
  return text.length > 200 ? `${text.slice(0, 200).toWellFormed()}…` : text;
};

const wrong = (path: string, field: Field, what: string) =>
  new RangeError(`document ${path}: field '${shown(field)}' ${what}`);

/** Checks a value; returns an upper bound of its size in bytes. */
function check(
  path: string,
  value: DocumentValue | undefined,
  { field, inList, level }: { readonly field: Field; readonly inList: boolean; readonly level: number },
): number {
  if (typeof value === "string") return checkText(path, value, field);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw wrong(path, field, "is not a finite number");
    return NUMBER_BYTES;
  }
  if (value === undefined) throw wrong(path, field, "is undefined");
  if (value === null || typeof value === "boolean") return FLAG_BYTES;
  if (level > MAX_LEVELS)
    throw wrong(path, field, `is more than ${MAX_LEVELS} levels deep, and ${MAX_LEVELS} are the most`);
  if (!isList(value)) return checkMap(path, value, field, level);
  if (inList) throw wrong(path, field, "is a list directly in a list");
  let most = 0;
  for (const one of value) most += check(path, one, { field, inList: true, level: level + 1 });
  return most;
}

function checkText(path: string, text: string, field: Field): number {
  if (!text.isWellFormed())
    throw wrong(path, field, "is a text with half a surrogate pair, which no UTF-8 can hold");
  if (3 * text.length > MAX_TEXT_BYTES) {
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_TEXT_BYTES)
      throw wrong(
        path,
        field,
        `is a text of ${bytes} bytes: of one text ${MAX_TEXT_BYTES}, and of a document ${MAX_BYTES} are the most`,
      );
  }
  return 3 * text.length + 1;
}

function checkMap(path: string, map: DocumentData, within: Field, level: number): number {
  let most = MAP_BYTES;
  for (const name of Object.keys(map)) {
    const length = (within?.length ?? 0) + name.length + 1;
    const field = { name, within, length };
    assertName(path, field);
    most += 3 * name.length + 1 + check(path, map[name], { field, inList: false, level: level + 1 });
  }
  return most;
}

function assertName(path: string, field: NonNullable<Field>): void {
  const { name, within, length } = field;
  if (!isFieldName(name))
    throw wrong(
      path,
      field,
      `cannot be a field's name: 1 to ${MAX_NAME_BYTES} bytes, well formed, and not '__x__'`,
    );
  if (within !== null && 3 * length > MAX_NAME_BYTES && Buffer.byteLength(written(field)) > MAX_NAME_BYTES)
    throw wrong(path, field, `has a path of more than ${MAX_NAME_BYTES} bytes`);
}

function assertSize(path: string, data: DocumentData): void {
  const name = path.split("/").reduce((sum, segment) => sum + textBytes(segment), PATH_BYTES);
  const bytes = name + bytesOf(data);
  if (bytes > MAX_BYTES)
    throw new RangeError(`document ${path} has ${bytes} bytes, and ${MAX_BYTES} are the most`);
}

const textBytes = (text: string): number => Buffer.byteLength(text) + 1;

function bytesOf(value: DocumentValue): number {
  if (typeof value === "string") return textBytes(value);
  if (typeof value === "number") return NUMBER_BYTES;
  if (value === null || typeof value === "boolean") return FLAG_BYTES;
  if (isList(value)) return value.reduce((sum: number, one) => sum + bytesOf(one), 0);
  return Object.entries(value).reduce((sum, [name, one]) => sum + textBytes(name) + bytesOf(one), MAP_BYTES);
}

const isList = (value: DocumentValue): value is readonly DocumentValue[] => Array.isArray(value);
