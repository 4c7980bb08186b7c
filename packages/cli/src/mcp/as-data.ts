const MAX_LENGTH = 300;
// Includes tabs and line breaks: a title or a note must not read like a message of ours.
const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * A value as plain data for a language model: every string without control and format characters, at most 300 characters long. Titles and
 * notes are untrusted; they stay in their own fields.
 *
 * @example
 * ```ts
 * asData({ title: "disk\u001b[31m full", count: 2 }); // => { title: "disk [31m full", count: 2 }
 * asData("x".repeat(400)).length; // => 300
 * ```
 */
export function asData<T>(value: T): T;
export function asData(value: unknown): unknown {
  if (typeof value === "string") return plain(value);
  if (Array.isArray(value)) return value.map((one) => asData(one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [plain(key), asData(one)]));
}

function plain(text: string): string {
  const line = text.toWellFormed().replace(CONTROLS, " ");
  return line.length <= MAX_LENGTH ? line : `${line.slice(0, MAX_LENGTH - 1).toWellFormed()}…`;
}
