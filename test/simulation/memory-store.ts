import {
  type Comparison,
  type DocumentData,
  DocumentExistsError,
  type DocumentQuery,
  type DocumentStore,
  type DocumentTransaction,
  type DocumentValue,
  type StoredDocument,
} from "@mrdata/platform";
import { splitPath } from "@mrdata/platform/embedded";
import { copyDocument } from "./copy-document.ts";
import { type FieldIndex, fieldIndex, orderOf } from "./field-index.ts";

type Kept = StoredDocument & { readonly version: number };
type Collection = {
  readonly documents: Map<string, Kept>;
  /** What the last change of the collection gave its document. */
  version: number;
  readonly indexes: Map<string, FieldIndex>;
  /** By the fields, then by the values of all but the last: the values of the last, as in a composite index. */
  readonly composites: Map<string, Composite>;
};

/** A document without what the store itself knows of it. */
export type PlainDocument = Pick<StoredDocument, "path" | "data">;

export type MemoryStore = DocumentStore & {
  /** All of them, as they are now. */
  documents(): readonly PlainDocument[];
};

/**
 * Documents in memory, by the rules of the two real stores, for simulations of ten thousand incidents and more: every
 * field that is asked for has an index that is looked up by halving, so that a run costs the same per incident however long it is.
 * What it begins with came out of such a store, and is shared with whoever else begins with it: no document is ever changed.
 */
export function createMemoryStore(begin: readonly PlainDocument[] = []): MemoryStore {
  const collections = new Map<string, Collection>();
  /** The same documents by their whole paths. */
  const documents = new Map<string, Kept>();
  let versions = 0;

  const collectionOf = (name: string): Collection => {
    const known = collections.get(name);
    if (known !== undefined) return known;
    const made: Collection = { documents: new Map(), version: 0, indexes: new Map(), composites: new Map() };
    collections.set(name, made);
    return made;
  };

  function indexOf({ documents, indexes }: Collection, field: string): FieldIndex {
    const known = indexes.get(field);
    if (known !== undefined) return known;
    const made = fieldIndex();
    for (const { id, data } of documents.values()) made.add(valueAt(data, field), id);
    indexes.set(field, made);
    return made;
  }

  /** The index of one field over the documents that have these values in others. */
  function compositeOf(
    collection: Collection,
    equals: readonly Condition[],
    range: string,
  ): FieldIndex | undefined {
    const fields = equals.map(({ field }) => field);
    const name = [...fields, range].join(" ");
    const key = keyOf(equals.map(({ value }) => value));
    const known = collection.composites.get(name);
    if (known !== undefined) return known.of.get(key);
    const made: Composite = { equals: fields, range, of: new Map() };
    collection.composites.set(name, made);
    for (const { id, data } of collection.documents.values()) addTo(made, data, id);
    return made.of.get(key);
  }

  const read = (path: string): Kept | null => {
    const known = documents.get(path);
    if (known !== undefined) return known;
    // For what it throws where the path is of no document.
    splitPath(path);
    return null;
  };

  function put(path: string, data: DocumentData): void {
    const { collection: name, id } = splitPath(path);
    const collection = collectionOf(name);
    const before = documents.get(path);
    const kept = { path, id, data, version: ++versions };
    collection.documents.set(id, kept);
    collection.version = kept.version;
    documents.set(path, kept);
    for (const [field, index] of collection.indexes) {
      const old = before === undefined ? undefined : valueAt(before.data, field);
      const fresh = valueAt(data, field);
      if (before !== undefined && old === fresh) continue;
      if (before !== undefined) index.remove(old, id);
      index.add(fresh, id);
    }
    for (const composite of collection.composites.values()) {
      if (before !== undefined && isSameIn(composite, before.data, data)) continue;
      if (before !== undefined) removeFrom(composite, before.data, id);
      addTo(composite, data, id);
    }
  }

  function drop(path: string): void {
    const { collection: name, id } = splitPath(path);
    const collection = collections.get(name);
    const before = documents.get(path);
    if (collection === undefined || before === undefined) return;
    collection.documents.delete(id);
    collection.version = ++versions;
    documents.delete(path);
    for (const [field, index] of collection.indexes) index.remove(valueAt(before.data, field), id);
    for (const composite of collection.composites.values()) removeFrom(composite, before.data, id);
  }

  function create(path: string, data: DocumentData): void {
    if (read(path) !== null) throw new DocumentExistsError(path);
    put(path, data);
  }

  for (const { path, data } of begin) put(path, data);

  const versionOf = (name: string): number => collections.get(name)?.version ?? 0;

  /** What may match: a stretch of the composite index of all conditions, or the shortest of any index that they allow. */
  function candidates(collection: Collection, { where = [], orderBy = [] }: DocumentQuery): Candidates {
    const equals = where.filter(({ is }) => is === "==");
    const ranges = where.filter(({ is }) => is !== "==");
    const [range] = ranges;
    if (equals.length > 0 && range !== undefined && isOverOneField(ranges, range.field)) {
      const index = compositeOf(collection, equals, range.field);
      if (index === undefined) return { by: range.field, entries: () => [] };
      const [from, to] = spanOf(index, ranges, range.field, range.value);
      return { by: range.field, entries: () => index.slice(from, to) };
    }
    let shortest: (Candidates & { readonly length: number }) | null = null;
    for (const { field, is, value } of where) {
      if (is === "array-contains") continue;
      const index = indexOf(collection, field);
      const [from, to] = spanOf(index, where, field, value);
      if (shortest !== null && to - from >= shortest.length) continue;
      shortest = { by: field, length: to - from, entries: () => index.slice(from, to) };
    }
    if (shortest !== null) return shortest;
    const [first] = orderBy;
    if (first !== undefined)
      return { by: first.field, entries: () => indexOf(collection, first.field).slice(0) };
    return { by: null, entries: () => collection.documents.values().toArray() };
  }

  function find(query: DocumentQuery): readonly Kept[] {
    const { where = [], orderBy = [], limit = Number.POSITIVE_INFINITY } = query;
    const collection = collections.get(query.collection);
    if (collection === undefined) return [];
    if (where.length + orderBy.length === 0)
      return [...collection.documents.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
    const descending = orderBy.at(-1)?.direction === "desc";
    const { by, entries } = candidates(collection, query);
    // An index of the field that is ordered by has them in order, and as many as are wanted are enough.
    const inOrder = orderBy.length === 1 && orderBy[0]?.field === by;
    const found: Kept[] = [];
    const ids = entries();
    for (const { id } of inOrder && descending ? ids.toReversed() : ids) {
      if (inOrder && found.length >= limit) break;
      const document = collection.documents.get(id);
      if (document === undefined) continue;
      if (
        where.every(({ field, is, value }) => compares(valueAt(document.data, field), is, value)) &&
        orderBy.every(({ field }) => valueAt(document.data, field) !== undefined)
      )
        found.push(document);
    }
    if (inOrder) return found;
    found.sort((a, b) => {
      for (const { field, direction } of orderBy) {
        const order = orderOf(valueAt(a.data, field), valueAt(b.data, field));
        if (order !== 0) return direction === "desc" ? -order : order;
      }
      return (a.id < b.id ? -1 : 1) * (descending ? -1 : 1);
    });
    return found.slice(0, limit);
  }

  return {
    documents: () => [...documents.values()].map(({ path, data }) => ({ path, data })),
    get: async (path) => revised(read(path)),
    getAll: async (paths) => paths.map((path) => revised(read(path))),
    query: async (query) => find(query).map(({ path, id, data }) => ({ path, id, data })),
    async page(name, { after, limit }) {
      const ids = [...(collections.get(name)?.documents.keys() ?? [])];
      return ids
        .filter((id) => after === null || Buffer.compare(Buffer.from(id), Buffer.from(after)) > 0)
        .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        .slice(0, limit)
        .flatMap((id) => collections.get(name)?.documents.get(id) ?? [])
        .map(({ path, id, data }) => ({ path, id, data }));
    },
    async count(query) {
      const { where = [], collection: name } = query;
      const collection = collections.get(name);
      if (collection === undefined) return 0;
      // A range over one field, also beside equalities, is counted from an index alone.
      const equals = where.filter(({ is }) => is === "==");
      const ranges = where.filter(({ is }) => is !== "==");
      const [range] = ranges;
      if (range === undefined || !isOverOneField(ranges, range.field)) return find(query).length;
      const index =
        equals.length === 0 ? indexOf(collection, range.field) : compositeOf(collection, equals, range.field);
      if (index === undefined) return 0;
      const [from, to] = spanOf(index, ranges, range.field, range.value);
      return to - from;
    },
    async create(path, data, beside) {
      const other = beside === undefined ? null : copyDocument(beside.path, beside.data);
      if (beside !== undefined) splitPath(beside.path);
      create(path, copyDocument(path, data));
      if (beside !== undefined && other !== null) put(beside.path, other);
    },
    set: async (path, data) => put(path, copyDocument(path, data)),
    delete: async (path) => drop(path),
    async replace(changes) {
      const copied = changes.map(({ path, data, revision }) => ({
        path,
        data: copyDocument(path, data),
        seen: Number(revision ?? 0),
      }));
      if (copied.some(({ path, seen }) => (read(path)?.version ?? 0) !== seen)) return null;
      for (const { path, data } of copied) put(path, data);
      return copied.map(({ path }) => String(read(path)?.version));
    },
    async transaction(work) {
      for (;;) {
        const seen = new Map<string, number>();
        const asked: { readonly query: DocumentQuery; readonly at: number; readonly answer: string }[] = [];
        const writes: { readonly check: () => void; readonly apply: () => void }[] = [];
        const beforeWrites = () => {
          if (writes.length > 0)
            throw new Error("in a transaction all reads come before the writes, as in Firestore");
        };
        const note = (path: string): StoredDocument | null => {
          beforeWrites();
          const document = read(path);
          if (!seen.has(path)) seen.set(path, document?.version ?? 0);
          return bare(document);
        };
        const transaction: DocumentTransaction = {
          get: async (path) => note(path),
          getAll: async (paths) => paths.map(note),
          async query(query) {
            beforeWrites();
            const found = find(query);
            asked.push({ query, at: versionOf(query.collection), answer: fingerprint(found) });
            return found.map(({ path, id, data }) => ({ path, id, data }));
          },
          create(path, data) {
            const copied = copyDocument(path, data);
            writes.push({
              check: () => {
                if (read(path) !== null) throw new DocumentExistsError(path);
              },
              apply: () => create(path, copied),
            });
          },
          set(path, data) {
            splitPath(path);
            const copied = copyDocument(path, data);
            writes.push({ check: () => {}, apply: () => put(path, copied) });
          },
          delete(path) {
            splitPath(path);
            writes.push({ check: () => {}, apply: () => drop(path) });
          },
        };
        const result = await work(transaction);
        const unchanged =
          seen.entries().every(([path, version]) => (read(path)?.version ?? 0) === version) &&
          asked.every(
            ({ query, at, answer }) =>
              versionOf(query.collection) === at || fingerprint(find(query)) === answer,
          );
        if (!unchanged) continue;
        for (const { check } of writes) check();
        for (const { apply } of writes) apply();
        return result;
      }
    },
    close: async () => {},
  };
}

/** Documents that may match, by the index of which field they are in order; null where they are in none. */
type Candidates = {
  readonly by: string | null;
  readonly entries: () => readonly { readonly id: string }[];
};

type Condition = NonNullable<DocumentQuery["where"]>[number];

/** True where the conditions are one stretch of an index of the field. */
const isOverOneField = (ranges: readonly Condition[], field: string): boolean =>
  ranges.every((range) => range.field === field && range.is !== "array-contains");

type Composite = {
  readonly equals: readonly string[];
  readonly range: string;
  readonly of: Map<string, FieldIndex>;
};

const keyOf = (values: readonly DocumentValue[]): string => JSON.stringify(values);

/** Null for a document without a value in one of the fields: it is in no composite index. */
function keyIn({ equals }: Composite, data: DocumentData): string | null {
  const values: DocumentValue[] = [];
  for (const field of equals) {
    const value = valueAt(data, field);
    if (value === undefined) return null;
    values.push(value);
  }
  return keyOf(values);
}

/** True where the composite index says the same of both. */
const isSameIn = ({ equals, range }: Composite, before: DocumentData, data: DocumentData): boolean =>
  valueAt(before, range) === valueAt(data, range) &&
  equals.every((field) => valueAt(before, field) === valueAt(data, field));

function addTo(composite: Composite, data: DocumentData, id: string): void {
  const key = keyIn(composite, data);
  if (key === null) return;
  const index = composite.of.get(key) ?? fieldIndex();
  composite.of.set(key, index);
  index.add(valueAt(data, composite.range), id);
}

function removeFrom(composite: Composite, data: DocumentData, id: string): void {
  const key = keyIn(composite, data);
  if (key !== null) composite.of.get(key)?.remove(valueAt(data, composite.range), id);
}

const revised = (document: Kept | null): StoredDocument | null =>
  document === null
    ? null
    : { path: document.path, id: document.id, data: document.data, revision: String(document.version) };
const bare = (document: Kept | null): StoredDocument | null =>
  document === null ? null : { path: document.path, id: document.id, data: document.data };

const fingerprint = (documents: readonly Kept[]): string =>
  documents.map(({ path, version }) => `${path}@${version}`).join("\n");

/** The value of a field, `a.b` in a document within; undefined where there is none. */
function valueAt(data: DocumentData, field: string): DocumentValue | undefined {
  if (!field.includes(".")) return Object.hasOwn(data, field) ? data[field] : undefined;
  let value: DocumentValue | undefined = data;
  for (const name of field.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = new Map<string, DocumentValue>(Object.entries(value)).get(name);
  }
  return value;
}

/** As in Firestore, values compare with values of their own type only. */
function compares(value: DocumentValue | undefined, is: Comparison, wanted: DocumentValue): boolean {
  if (is === "array-contains") return Array.isArray(value) && value.includes(wanted);
  if (value === undefined || typeof value !== typeof wanted || (value === null) !== (wanted === null))
    return false;
  const order = orderOf(value, wanted);
  if (is === "==") return order === 0;
  if (is === "<") return order < 0;
  if (is === "<=") return order <= 0;
  return is === ">" ? order > 0 : order >= 0;
}

/** The stretch of the index in which all conditions on its field hold. */
function spanOf(
  index: FieldIndex,
  where: NonNullable<DocumentQuery["where"]>,
  field: string,
  value: DocumentValue,
): readonly [number, number] {
  // Same type only: the stretch of that type first.
  let [from, to] = index.spanOfType(value);
  for (const one of where) {
    if (one.field !== field || one.is === "array-contains") continue;
    if (one.is === "==" || one.is === ">=" || one.is === ">")
      from = Math.max(from, one.is === ">" ? index.after(one.value) : index.before(one.value));
    if (one.is === "==" || one.is === "<=" || one.is === "<")
      to = Math.min(to, one.is === "<" ? index.before(one.value) : index.after(one.value));
  }
  return [from, Math.max(from, to)];
}
