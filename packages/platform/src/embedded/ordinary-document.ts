import type { DocumentData, DocumentValue } from "../document-store.ts";
import { FLAG_BYTES, MAP_BYTES, MAX_LEVELS, MAX_NAME_BYTES, MAX_TEXT_BYTES, NUMBER_BYTES } from "./limits.ts";

// Nearly every document is well within the rules. Its maximum size is computed here without tracking the current field's path, which
// would cost an object per field. Anything unusual is left to document-rules.ts, which reports what is wrong.

/** Unusual: cannot be decided on the fast path. */
const UNUSUAL = -1;
const UNDERSCORE = 95;

/**
 * An upper bound of an ordinary document's size in bytes, as `encodeDocument` counts it; null if a rule is, or may be,
 * violated.
 */
export function bytesIfOrdinary(data: DocumentData): number | null {
  const most = ofMap(data, 0, 0);
  return most === UNUSUAL ? null : most;
}

/** `pathLength`: the length of the enclosing names with their separators. */
function ofMap(map: DocumentData, level: number, pathLength: number): number {
  let most = MAP_BYTES;
  for (const name of Object.keys(map)) {
    const length = pathLength + name.length + 1;
    // A UTF-16 code unit takes at most three bytes, and a reserved name begins with an underscore.
    if (name.length === 0 || 3 * length > MAX_NAME_BYTES) return UNUSUAL;
    if (name.charCodeAt(0) === UNDERSCORE || !name.isWellFormed()) return UNUSUAL;
    const value = ofValue(map[name], level + 1, length);
    if (value === UNUSUAL) return UNUSUAL;
    most += 3 * name.length + 1 + value;
  }
  return most;
}

function ofValue(value: DocumentValue | undefined, level: number, pathLength: number): number {
  if (typeof value === "string") return ofText(value);
  if (typeof value === "number") return Number.isFinite(value) ? NUMBER_BYTES : UNUSUAL;
  if (value === undefined) return UNUSUAL;
  if (value === null || typeof value === "boolean") return FLAG_BYTES;
  if (level > MAX_LEVELS) return UNUSUAL;
  return isList(value) ? ofList(value, level, pathLength) : ofMap(value, level, pathLength);
}

const ofText = (text: string): number =>
  3 * text.length <= MAX_TEXT_BYTES && text.isWellFormed() ? 3 * text.length + 1 : UNUSUAL;

function ofList(list: readonly DocumentValue[], level: number, pathLength: number): number {
  let most = 0;
  for (const one of list) {
    const value = Array.isArray(one) ? UNUSUAL : ofValue(one, level + 1, pathLength);
    if (value === UNUSUAL) return UNUSUAL;
    most += value;
  }
  return most;
}

const isList = (value: DocumentValue): value is readonly DocumentValue[] => Array.isArray(value);
