import { stringify } from "csv-stringify/sync";
import { neutralLine } from "./neutral.ts";

/** What a spreadsheet begins a formula with, and what East Asian keyboards write for it. */
const FORMULA = "[=+\\-@\uff1d\uff0b\uff0d\uff20]";
/** At a cell's beginning, or where a reader that takes ';' for the separator would see one; quotes do not keep it from that. */
const formulas = new RegExp(`(^|;)([\\s"']*)(?=${FORMULA})`, "gu");

/**
 * A cell's text on one line. What a spreadsheet would take for a formula is led by an apostrophe
 * (https://owasp.org/www-community/attacks/CSV_Injection), also behind a ';', which is the separator in half of Europe.
 */
const harmless = (value: string | number): string | number =>
  typeof value === "number" ? value : neutralLine(value).replace(formulas, "$1$2'");

/**
 * A line as RFC 4180 has it, without its end.
 *
 * @example
 * ```ts
 * csvLine(["\n=1+1", "a,b", 7]); // => " '=1+1,\"a,b\",7"
 * ```
 */
export const csvLine = (cells: readonly (string | number)[]): string =>
  stringify([cells.map(harmless)], { eof: false });
