import { stripVTControlCharacters } from "node:util";

// Titles, notes, names of services, columns and files are written by others. At a terminal they could move the cursor, colour
// what follows, link elsewhere (OSC 8), reverse the reading order or forge a line of their own.

/** What is no character to read: controls, format characters (bidi, zero-width), what is ignorable, line separators. */
const harmful = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
const harmfuls = new RegExp(harmful, "gu");

/**
 * The text as one harmless line: escape sequences and what cannot be seen are taken out, line breaks and tabs are spaces.
 *
 * @example
 * ```ts
 * neutralLine("disk\u001b[31m full\n0 misses"); // => "disk full 0 misses"
 * ```
 */
export function neutralLine(text: string): string {
  const formed = text.toWellFormed();
  return harmful.test(formed)
    ? stripVTControlCharacters(formed).replace(breaks, " ").replace(harmfuls, "")
    : formed;
}

/** JSON in which what could harm a terminal is escaped: whoever parses it reads the same. */
export const neutralJson = (json: string): string =>
  json.replace(harmfuls, (character) =>
    // Between the values of JSON that is written over several lines.
    character === "\n"
      ? character
      : Array.from(
          { length: character.length },
          (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
        ).join(""),
  );

/** A line that may be JSON of its own or words for people. */
export function neutral(line: string): string {
  if (!harmful.test(line) && line.isWellFormed()) return line;
  return isJson(line) ? neutralJson(line) : neutralLine(line);
}

function isJson(line: string): boolean {
  if (!/^[{[]/.test(line)) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
