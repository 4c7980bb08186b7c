import type { DocumentData, DocumentValue } from "@mrdata/platform";
import { encodeDocument } from "@mrdata/platform/embedded";

/** No text of so many characters comes near Firestore's limit, whatever bytes and escapes it takes. */
const SHORT = 100_000;

/**
 * The document as a store would give it back. What may break a rule is left to `encodeDocument`, which throws; the rest
 * is copied without being made text of and read again.
 */
export function copyDocument(path: string, data: DocumentData): DocumentData {
  let length = 0;
  const copy = (value: DocumentValue | undefined, inList: boolean): DocumentValue | undefined => {
    if (typeof value === "string") {
      length += value.length;
      return value;
    }
    // JSON has no -0.
    if (typeof value === "number") return Number.isFinite(value) ? value + 0 : undefined;
    if (value === null || typeof value === "boolean") return value;
    if (value === undefined) return undefined;
    if (!isList(value)) return copyMap(value);
    if (inList) return undefined;
    const list: DocumentValue[] = [];
    for (const one of value) {
      const copied = copy(one, true);
      if (copied === undefined) return undefined;
      list.push(copied);
    }
    length += 8 * list.length;
    return list;
  };
  const copyMap = (map: DocumentData): DocumentData | undefined => {
    const copied: Record<string, DocumentValue> = {};
    for (const name of Object.keys(map)) {
      const value = copy(map[name], false);
      if (value === undefined || name === "__proto__") return undefined;
      copied[name] = value;
      length += name.length + 8;
    }
    return copied;
  };
  const copied = copyMap(data);
  return copied !== undefined && length < SHORT ? copied : JSON.parse(encodeDocument(path, data));
}

const isList = (value: DocumentValue): value is readonly DocumentValue[] => Array.isArray(value);
