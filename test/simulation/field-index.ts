import type { DocumentValue } from "@mrdata/platform";

type Entry = { readonly value: DocumentValue | undefined; readonly id: string };

/** The values of one field over a collection, sorted: by type, then value, then the document's id. */
export type FieldIndex = {
  add(value: DocumentValue | undefined, id: string): void;
  remove(value: DocumentValue | undefined, id: string): void;
  /** How many entries come before the value; how many before or with it. */
  before(value: DocumentValue): number;
  after(value: DocumentValue): number;
  /** From where to where entries have a value of the same type. */
  spanOfType(value: DocumentValue): readonly [number, number];
  slice(from: number, to?: number): readonly Entry[];
};

export function fieldIndex(): FieldIndex {
  const entries: Entry[] = [];

  /** The first place whose entry is not before what is looked for. */
  function placeOf(isBefore: (entry: Entry) => boolean): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = entries[middle];
      if (entry !== undefined && isBefore(entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  const placeOfEntry = (value: DocumentValue, id: string): number =>
    placeOf((entry) => {
      const order = orderOf(entry.value, value);
      return order < 0 || (order === 0 && entry.id < id);
    });
  // Times are what is asked for most: they are compared as they are.
  const isAllNumbers = (): boolean =>
    typeof entries[0]?.value === "number" && typeof entries.at(-1)?.value === "number";
  function placeOfNumber(wanted: number, behindEqual: boolean): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const value = entries[middle]?.value;
      if (typeof value === "number" && (value < wanted || (behindEqual && value === wanted)))
        low = middle + 1;
      else high = middle;
    }
    return low;
  }
  function typeSpan(type: number): readonly [number, number] {
    // Nearly always all are of one type, and then the first and the last say so.
    if (typeOf(entries[0]?.value) === type && typeOf(entries.at(-1)?.value) === type)
      return [0, entries.length];
    return [placeOf((entry) => typeOf(entry.value) < type), placeOf((entry) => typeOf(entry.value) <= type)];
  }

  return {
    add(value, id) {
      if (value !== undefined && !isTree(value)) entries.splice(placeOfEntry(value, id), 0, { value, id });
    },
    remove(value, id) {
      if (value === undefined || isTree(value)) return;
      const place = placeOfEntry(value, id);
      if (entries[place]?.id === id) entries.splice(place, 1);
    },
    before: (value) =>
      typeof value === "number" && isAllNumbers()
        ? placeOfNumber(value, false)
        : placeOf((entry) => orderOf(entry.value, value) < 0),
    after: (value) =>
      typeof value === "number" && isAllNumbers()
        ? placeOfNumber(value, true)
        : placeOf((entry) => orderOf(entry.value, value) <= 0),
    spanOfType: (value) => typeSpan(typeOf(value)),
    slice: (from, to) => entries.slice(from, to),
  };
}

/** Lists and maps are in no index: nothing that the ledger asks compares with them. */
const isTree = (value: DocumentValue): boolean => typeof value === "object" && value !== null;

const types = ["object", "boolean", "number", "string"];
const typeOf = (value: DocumentValue | undefined): number => types.indexOf(typeof value);

/** By type (null, boolean, number, text), then by value, as Firestore orders them. */
export function orderOf(a: DocumentValue | undefined, b: DocumentValue | undefined): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  const type = typeOf(a) - typeOf(b);
  if (type !== 0) return type;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  return 0;
}
