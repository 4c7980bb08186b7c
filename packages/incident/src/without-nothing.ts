/** Placeholders for missing values, as written by pandas, databases and their dumps, Go, Python, people. */
const nothing =
  /^\s*(?:|nan|nat|none|null|nil|undefined|\\n|[(<](?:null|none|nil)[)>]|n\/a|-{1,2}|0001-01-01T00:00:00Z|0000-00-00(?:[ T]00:00:00)?)\s*$/iu;

/**
 * Null for a cell that means a missing value, any other value unchanged. For times, ids and names: a title may be any
 * word.
 *
 * @example
 * ```ts
 * withoutNothing("\\N"); // => null
 * withoutNothing("NaN"); // => null
 * withoutNothing("Nancy"); // => "Nancy"
 * ```
 */
export const withoutNothing = (value: unknown): unknown =>
  typeof value === "string" && nothing.test(value) ? null : value;
