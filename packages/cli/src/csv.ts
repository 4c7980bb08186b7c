import { stringify } from "csv-stringify/sync";
import { neutralLine } from "./neutral.ts";

/** Characters that start a formula in a spreadsheet, with their full-width forms. */
const FORMULA = "[=+\\-@\uff1d\uff0b\uff0d\uff20]";
/** At the start of a cell, or after a ';' for readers that use it as the separator; quoting does not prevent that. */
const formulas = new RegExp(`(^|;)([\\s"']*)(?=${FORMULA})`, "gu");

/**
 * A cell's text on one line. Formulas are escaped with an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection), also after
 * a ';', which is the separator in half of Europe.
 */
const harmless = (value: string | number): string | number =>
  typeof value === "number" ? value : neutralLine(value).replace(formulas, "$1$2'");

/**
 * A row as in RFC 4180, without the line break.
 *
 * @example
 * ```ts
 * csvLine(["\n=1+1", "a,b", 7]); // => " '=1+1,\"a,b\",7"
 * ```
 */
export const csvLine = (cells: readonly (string | number)[]): string =>
  stringify([cells.map(harmless)], { eof: false });
