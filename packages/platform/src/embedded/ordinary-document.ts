import type { DocumentData, DocumentValue } from "../document-store.ts";
import { FLAG_BYTES, MAP_BYTES, MAX_LEVELS, MAX_NAME_BYTES, MAX_TEXT_BYTES, NUMBER_BYTES } from "./limits.ts";

// Nearly every document breaks no rule and comes near none. What such a one may take is worked out here without noting where in
// it one is, which costs an object a field; whatever is out of the ordinary is left to the rules, which say what is wrong.

/** Out of the ordinary: not to be told here. */
const OTHERWISE = -1;
const UNDERSCORE = 95;

/**
 * The most bytes that a document without anything out of the ordinary may take, as `encodeDocument` counts them; null where
 * a rule is broken, or may be.
 */
export function bytesIfOrdinary(data: DocumentData): number | null {
  const most = ofMap(data, 0, 0);
  return most === OTHERWISE ? null : most;
}

/** `pathLength`: of the names of what it is in, with what stands between them. */
function ofMap(map: DocumentData, level: number, pathLength: number): number {
  let most = MAP_BYTES;
  for (const name of Object.keys(map)) {
    const length = pathLength + name.length + 1;
    // Three bytes are the most that a unit of UTF-16 takes, and a reserved name begins with an underscore.
    if (name.length === 0 || 3 * length > MAX_NAME_BYTES) return OTHERWISE;
    if (name.charCodeAt(0) === UNDERSCORE || !name.isWellFormed()) return OTHERWISE;
    const value = ofValue(map[name], level + 1, length);
    if (value === OTHERWISE) return OTHERWISE;
    most += 3 * name.length + 1 + value;
  }
  return most;
}

function ofValue(value: DocumentValue | undefined, level: number, pathLength: number): number {
  if (typeof value === "string") return ofText(value);
  if (typeof value === "number") return Number.isFinite(value) ? NUMBER_BYTES : OTHERWISE;
  if (value === undefined) return OTHERWISE;
  if (value === null || typeof value === "boolean") return FLAG_BYTES;
  if (level > MAX_LEVELS) return OTHERWISE;
  return isList(value) ? ofList(value, level, pathLength) : ofMap(value, level, pathLength);
}

const ofText = (text: string): number =>
  3 * text.length <= MAX_TEXT_BYTES && text.isWellFormed() ? 3 * text.length + 1 : OTHERWISE;

function ofList(list: readonly DocumentValue[], level: number, pathLength: number): number {
  let most = 0;
  for (const one of list) {
    const value = Array.isArray(one) ? OTHERWISE : ofValue(one, level + 1, pathLength);
    if (value === OTHERWISE) return OTHERWISE;
    most += value;
  }
  return most;
}

const isList = (value: DocumentValue): value is readonly DocumentValue[] => Array.isArray(value);
