import { refusals } from "./errors.ts";

/**
 * A page of a v3 list (developer docs, v2 to v3 upgrade guide): `limit` 100 by default, at most 1,000; no `total`. What more than
 * the most comes to is not documented: it is refused. Throws 2001.
 */
export function v3PageOf<T, S>(
  query: URLSearchParams,
  name: string,
  list: readonly T[],
  shape: (one: T) => S,
): Readonly<Record<string, unknown>> {
  const limit = wholeNumber(query, "limit", 100, 1_000);
  const offset = wholeNumber(query, "offset", 0);
  const page = list.slice(offset, offset + limit).map(shape);
  return { [name]: page, limit, offset, more: offset + limit < list.length };
}

/**
 * A page of a list (API reference, Pagination): `limit` 25 by default, at most 100; `offset` and `limit` within 10,000. What more
 * than the most comes to is not documented: it is refused. Throws 2001.
 */
export function pageOf<T, S>(
  query: URLSearchParams,
  name: string,
  list: readonly T[],
  shape: (one: T) => S,
): Readonly<Record<string, unknown>> {
  const limit = wholeNumber(query, "limit", 25, 100);
  const offset = wholeNumber(query, "offset", 0);
  if (offset + limit > 10_000) throw refusals.invalid("Offset plus limit must not exceed 10000");
  return {
    [name]: list.slice(offset, offset + limit).map(shape),
    limit,
    offset,
    more: offset + limit < list.length,
    total: query.get("total") === "true" ? list.length : null,
  };
}

function wholeNumber(
  query: URLSearchParams,
  name: string,
  otherwise: number,
  most = Number.POSITIVE_INFINITY,
): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw refusals.invalid(`${name} must be a whole number`);
  if (Number(text) > most) throw refusals.invalid(`${name} cannot exceed ${most}`);
  return Number(text);
}

/** A time as milliseconds since the epoch; without an offset it is in the account's time zone, which is UTC here. */
export function timeOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  return text === null ? null : parseTime(text, name);
}

export function parseTime(text: string, name: string): number {
  const at = Date.parse(/(?:z|[+-]\d{2}:?\d{2})$/i.test(text) || !text.includes("T") ? text : `${text}Z`);
  if (Number.isNaN(at)) throw refusals.invalid(`${name} must be an ISO 8601 time`);
  return at;
}

/** Passes everything when the query does not name `name[]`. */
export function oneOf(query: URLSearchParams, name: string): (...values: readonly string[]) => boolean {
  const wanted = query.getAll(`${name}[]`);
  return (...values) => wanted.length === 0 || values.some((value) => wanted.includes(value));
}

/** Those whose name has the text of `query` in it, in whatever case. */
export function namedLike<T extends { readonly name: string }>(
  query: URLSearchParams,
  all: Iterable<T>,
): readonly T[] {
  const part = (query.get("query") ?? "").toLowerCase();
  return [...all].filter(({ name }) => name.toLowerCase().includes(part));
}
