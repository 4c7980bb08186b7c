import type { Comparison, DocumentQuery, DocumentValue } from "../document-store.ts";

type Parameter = string | number | null;
export type CompiledQuery = {
  readonly where: string;
  readonly tail: string;
  readonly parameters: readonly Parameter[];
};

const operators: Readonly<Record<Exclude<Comparison, "array-contains">, string>> = {
  "==": "=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/** The JSON path of a field; the name is checked, because it becomes part of the SQL. */
export function fieldPath(field: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_.]*$/.test(field)) throw new RangeError(`'${field}' is not a field's name`);
  return `'$.${field}'`;
}

/** The condition that a document is of one collection; the name is checked, because it becomes part of the SQL. */
export function ofCollection(collection: string): string {
  if (!/^[A-Za-z]+$/.test(collection)) throw new RangeError(`'${collection}' cannot be indexed`);
  return `collection = '${collection}'`;
}

/** What is true of collections that are in no document: there is an index of these, by their documents' ids. */
export const OUTERMOST = "instr(collection, '/') = 0";

/**
 * The condition that a document is of one collection, with its parameters, so that SQLite finds it by an index: collections
 * within documents by where their paths are, and others by the index of those, which a query has to name its condition for.
 */
export function among(collection: string): Pick<CompiledQuery, "where" | "parameters"> {
  return collection.includes("/")
    ? {
        // All that begins with the collection's path and a slash; behind the slash comes the zero.
        where: "path > ? AND path < ? AND collection = ?",
        parameters: [`${collection}/`, `${collection}0`, collection],
      }
    : { where: `collection = ? AND ${OUTERMOST}`, parameters: [collection] };
}

/**
 * The query as SQL over `documents`, with Firestore's meaning: a document without a field that is compared or sorted
 * by is not in the answer, values compare with values of their own type only, and ties go by document id. A collection
 * that is `indexed` is written out, for SQLite uses an index of a part of the table only where it sees that part named.
 */
export function compile(
  { collection, where = [], orderBy = [], limit }: DocumentQuery,
  indexed: ReadonlySet<string>,
): CompiledQuery {
  const of = indexed.has(collection)
    ? { where: ofCollection(collection), parameters: [] }
    : among(collection);
  const conditions = [of.where];
  const parameters: Parameter[] = [...of.parameters];
  for (const { field, is, value } of where) {
    const path = fieldPath(field);
    if (is === "array-contains") {
      conditions.push(
        `json_type(json, ${path}) = 'array' AND EXISTS (SELECT 1 FROM json_each(documents.json, ${path}) WHERE json_each.value = ? AND json_each.type IN (${typesOf(value)}))`,
      );
    } else {
      conditions.push(
        `json_extract(json, ${path}) ${value === null ? "IS" : operators[is]} ?`,
        `json_type(json, ${path}) IN (${typesOf(value)})`,
      );
    }
    parameters.push(bindable(value));
  }
  for (const { field } of orderBy) conditions.push(`json_type(json, ${fieldPath(field)}) IS NOT NULL`);
  const order = orderBy.map(
    ({ field, direction }) =>
      `json_extract(json, ${fieldPath(field)}) ${direction === "desc" ? "DESC" : "ASC"}`,
  );
  const last = orderBy.at(-1)?.direction === "desc" ? "DESC" : "ASC";
  const tail = ` ORDER BY ${[...order, `id ${last}`].join(", ")}${limit === undefined ? "" : ` LIMIT ${Math.trunc(limit)}`}`;
  return { where: conditions.join(" AND "), tail, parameters };
}

function typesOf(value: DocumentValue): string {
  if (typeof value === "number") return "'integer', 'real'";
  if (typeof value === "boolean") return value ? "'true'" : "'false'";
  if (value === null) return "'null'";
  return "'text'";
}

function bindable(value: DocumentValue): Parameter {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" || typeof value === "number" || value === null) return value;
  throw new RangeError("a query compares with a text, a number, a boolean or null");
}
