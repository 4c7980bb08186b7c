/** A value's text and the line it begins on. `cutOff`: the text ends within it. */
export type Piece = { readonly line: number; readonly text: string; readonly cutOff?: true };

/** Maximum length of a value in UTF-16 code units; no incident is that long. */
export const MAX_ROW_LENGTH = 1 << 24;

const QUOTE = 34;
const BACKSLASH = 92;
const NEWLINE = 10;
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [123, 125, 91, 93];

/**
 * Splits a stream of JSON into rows: consecutive objects, the objects of an array, and those in a page's arrays
 * (`{"incidents": [...], "more": true}`), so that a file of any size is never in memory as a whole. Rows are not parsed: the caller reports
 * broken ones. Throws RangeError, with the line, for a value longer than `MAX_ROW_LENGTH`.
 * @param fields The names under which a page has its rows.
 * @param onPage Called with a page's JSON, in which the rows are replaced by empty arrays.
 */
export async function* splitJson(
  chunks: AsyncIterable<string>,
  fields: readonly string[],
  onPage: (text: string) => void = () => {},
): AsyncGenerator<Piece> {
  let line = 1;
  let depth = 0;
  /** The nesting depth of rows: 0 at top level, 1 in an array, 2 in a page's array. */
  let rowDepth = 0;
  /** Whether the outermost object is a page rather than a row. */
  let inPage = false;
  let inString = false;
  let escaped = false;
  /** The part of the current row or page head from earlier chunks; null outside of one. */
  let kept: string | null = null;
  let keptLine = 1;
  /** The text of the page so far, without its rows. */
  let page = "";
  for await (const chunk of chunks) {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const unit = chunk.charCodeAt(i);
      if (unit === NEWLINE) line++;
      if (inString) {
        if (escaped) escaped = false;
        else if (unit === BACKSLASH) escaped = true;
        else if (unit === QUOTE) inString = false;
      } else if (unit === QUOTE) inString = true;
      else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
        if (unit === OPEN_BRACKET && depth === 0) rowDepth = 1;
        else if (unit === OPEN_BRACKET && depth === 1 && rowDepth === 0) {
          const head = (kept ?? "") + chunk.slice(from, i);
          if (isPageField(head, fields)) {
            page += `${head}[`;
            inPage = true;
            rowDepth = 2;
            kept = null;
          }
        } else if (depth === rowDepth) {
          kept = "";
          keptLine = line;
          from = i;
        }
        depth++;
      } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) {
        depth = Math.max(0, depth - 1);
        if (depth === rowDepth && kept !== null) {
          const text = kept + chunk.slice(from, i + 1);
          kept = null;
          if (inPage && depth === 0) {
            onPage(page + text);
            page = "";
          } else yield { line: keptLine, text };
        }
        if (rowDepth === 2 && depth === 1) {
          // The page continues after the rows, and may have more of them.
          rowDepth = 0;
          kept = "]";
          from = i + 1;
        }
        if (depth === 0) {
          rowDepth = 0;
          inPage = false;
        }
      }
    }
    if (kept !== null) kept += chunk.slice(from);
    if (kept !== null && kept.length > MAX_ROW_LENGTH)
      throw new RangeError(`line ${keptLine}: a value is longer than ${MAX_ROW_LENGTH} characters`);
  }
  const isRow = kept !== null && (rowDepth === 2 || !inPage);
  if (depth > 0 || isRow)
    yield { line: isRow ? keptLine : line, text: isRow ? (kept ?? "") : "", cutOff: true };
}

/** True if the text before an array ends like the head of a page: `{…, "incidents": `. */
function isPageField(before: string, fields: readonly string[]): boolean {
  const name = /"([^"\\]*)"\s*:\s*$/u.exec(before)?.[1];
  return name !== undefined && fields.includes(name);
}
