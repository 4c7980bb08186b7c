import { neutralLine } from "./neutral.ts";

/** What a spreadsheet begins a formula with, and what East Asian keyboards write for it. */
const FORMULA = "[=+\\-@\uff1d\uff0b\uff0d\uff20]";
/** At a cell's beginning, or where a reader that takes ';' for the separator would see one; quotes do not keep it from that. */
const formulas = new RegExp(`(^|;)([\\s"']*)(?=${FORMULA})`, "gu");

/**
 * A cell as RFC 4180 has it, on one line. What a spreadsheet would take for a formula is led by an apostrophe
 * (https://owasp.org/www-community/attacks/CSV_Injection), also behind a ';', which is the separator in half of Europe.
 *
 * @example
 * ```ts
 * csvCell("\n=1+1"); // => " '=1+1"
 * ```
 */
export function csvCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = neutralLine(value).replace(formulas, "$1$2'");
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvLine = (cells: readonly (string | number)[]): string => cells.map(csvCell).join(",");
