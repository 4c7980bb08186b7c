/** A value as it stands in a text, and the line that it begins on. The last may be `cutOff`: the text ends inside of it. */
export type Piece = { readonly line: number; readonly text: string; readonly cutOff?: true };

/** What a value is too long for, in UTF-16 code units: no incident is as long. */
export const MAX_ROW_LENGTH = 1 << 24;

const QUOTE = 34;
const BACKSLASH = 92;
const NEWLINE = 10;
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [123, 125, 91, 93];

/**
 * Cuts JSON into its rows while it is read: objects one after the other, the objects of an array, and those in a
 * page's arrays (`{"incidents": [...], "more": true}`, whatever else the page has), so that a file of any size is
 * never in memory whole. What is cut is not parsed: a row that is broken inside is the reader's to tell.
 * Throws RangeError, with the line, for a value longer than `MAX_ROW_LENGTH`.
 * @param fields The names under which a page has its rows.
 * @param onPage Told what a page says beside its rows, as JSON with empty arrays in their place.
 */
export async function* splitJson(
  chunks: AsyncIterable<string>,
  fields: readonly string[],
  onPage: (text: string) => void = () => {},
): AsyncGenerator<Piece> {
  let line = 1;
  let depth = 0;
  /** How deep rows begin: 0 between values, 1 in an array, 2 in a page's array. */
  let rowDepth = 0;
  /** The outermost object is a page, and no row itself. */
  let inPage = false;
  let inText = false;
  let escaped = false;
  /** What is kept of the row, or of the page's head, from earlier chunks; null while nothing is. */
  let kept: string | null = null;
  let keptLine = 1;
  /** The page so far, without its rows. */
  let page = "";
  for await (const chunk of chunks) {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const unit = chunk.charCodeAt(i);
      if (unit === NEWLINE) line++;
      if (inText) {
        if (escaped) escaped = false;
        else if (unit === BACKSLASH) escaped = true;
        else if (unit === QUOTE) inText = false;
      } else if (unit === QUOTE) inText = true;
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
          // Behind the rows the page goes on, and may have more of them.
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

/** True if what stands before an array is the head of a page: `{…, "incidents": `. */
function isPageField(before: string, fields: readonly string[]): boolean {
  const name = /"([^"\\]*)"\s*:\s*$/u.exec(before)?.[1];
  return name !== undefined && fields.includes(name);
}
