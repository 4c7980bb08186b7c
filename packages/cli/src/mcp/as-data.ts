const MAX_LENGTH = 300;
// Tabs and line breaks are controls too: a title or a note is data, and reads as no message of ours.
const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * A value as plain data for a model that reads it: every text without control and format characters, 300 characters at most.
 * Titles and notes are written by others; they stay in the fields that they come in.
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
