import { stripVTControlCharacters } from "node:util";

// Titles, notes and the names of services, columns and files are untrusted. On a terminal they could move the cursor, change colours,
// add links (OSC 8), reverse the reading order or forge a line.

/** Unreadable characters: controls, format characters (bidi, zero-width), default-ignorables, noncharacters, line separators. */
const harmful = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
const harmfuls = new RegExp(harmful, "gu");

/**
 * The text as one harmless line: escape sequences and invisible characters are removed, line breaks and tabs become spaces.
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

/** JSON with everything that could harm a terminal escaped; it parses to the same value. */
export const neutralJson = (json: string): string =>
  json.replace(harmfuls, (character) =>
    // Whitespace between values of multi-line JSON.
    character === "\n"
      ? character
      : Array.from(
          { length: character.length },
          (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
        ).join(""),
  );

/** Sanitises a line that is either JSON or text for people. */
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
