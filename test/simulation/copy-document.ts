import type { DocumentData, DocumentValue } from "@mrdata/platform";
import { encodeDocument, isFieldName } from "@mrdata/platform/embedded";

/** Nothing of so many characters comes near Firestore's limits, whatever bytes they take. */
const SHORT = 100_000;
/** Nor anything of so few levels. */
const FLAT = 15;
/** Nor the path of a field that has so few characters. */
const SHORT_PATH = 500;

/**
 * The document as a store would give it back. What may break a rule is left to `encodeDocument`, which throws; the rest
 * is copied without being made text of and read again.
 */
export function copyDocument(path: string, data: DocumentData): DocumentData {
  let length = 0;
  const copy = (
    value: DocumentValue | undefined,
    inList: boolean,
    level: number,
    pathLength: number,
  ): DocumentValue | undefined => {
    if (typeof value === "string") {
      length += value.length;
      return value.isWellFormed() ? value : undefined;
    }
    // JSON has no -0.
    if (typeof value === "number") return Number.isFinite(value) ? value + 0 : undefined;
    if (value === null || typeof value === "boolean") return value;
    if (value === undefined) return undefined;
    if (level > FLAT) return undefined;
    if (!isList(value)) return copyMap(value, level, pathLength);
    if (inList) return undefined;
    const list: DocumentValue[] = [];
    for (const one of value) {
      const copied = copy(one, true, level + 1, pathLength);
      if (copied === undefined) return undefined;
      list.push(copied);
    }
    length += 32 * list.length;
    return list;
  };
  const copyMap = (map: DocumentData, level: number, within: number): DocumentData | undefined => {
    const copied: Record<string, DocumentValue> = {};
    for (const name of Object.keys(map)) {
      const pathLength = within + name.length + 1;
      const value = copy(map[name], false, level + 1, pathLength);
      if (value === undefined || pathLength > SHORT_PATH || !isFieldName(name)) return undefined;
      copied[name] = value;
      length += name.length + 32;
    }
    return copied;
  };
  const copied = copyMap(data, 0, 0);
  return copied !== undefined && length < SHORT ? copied : JSON.parse(encodeDocument(path, data));
}

const isList = (value: DocumentValue): value is readonly DocumentValue[] => Array.isArray(value);
