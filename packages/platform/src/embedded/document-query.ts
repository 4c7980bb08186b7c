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

/** The condition that a document belongs to a collection; the name is checked, because it becomes part of the SQL. */
export function ofCollection(collection: string): string {
  if (!/^[A-Za-z]+$/.test(collection)) throw new RangeError(`'${collection}' cannot be indexed`);
  return `collection = '${collection}'`;
}

/** True for top-level collections, which have an index by document id. */
export const OUTERMOST = "instr(collection, '/') = 0";

/**
 * The condition that a document belongs to a collection, with its parameters, in a form for which SQLite uses an index: a range of
 * paths for sub-collections; for top-level ones a partial index, whose condition the query has to repeat.
 */
export function among(collection: string): Pick<CompiledQuery, "where" | "parameters"> {
  return collection.includes("/")
    ? {
        // Everything that begins with the collection's path and a slash; the character after the slash is "0".
        where: "path > ? AND path < ? AND collection = ?",
        parameters: [`${collection}/`, `${collection}0`, collection],
      }
    : { where: `collection = ? AND ${OUTERMOST}`, parameters: [collection] };
}

/**
 * The query as SQL over `documents`, with Firestore's semantics: a document that lacks a compared or sorted field
 * is not in the result, values compare only with values of their own type, and ties are broken by document id. An `indexed`
 * collection is written as a literal, because SQLite uses a partial index only if its condition is in the query.
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
