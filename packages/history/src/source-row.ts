import { columnWords } from "@mrdata/learning";

export type Fields = Readonly<Record<string, unknown>>;

/** A row as it stands in a file, and by the words of its headings. */
export type SourceRow = {
  readonly raw: Fields;
  /** It is of a table: all its values are texts. */
  readonly isTable: boolean;
  /**
   * By the words of the names (`Created at` is `created_at`), with dotted names as objects (`service.id`) and the JSON
   * in cells opened. Empty cells are not there. Made when it is first asked for.
   */
  readonly fields: Fields;
};

export function sourceRow(raw: Fields, isTable: boolean): SourceRow {
  let made: Fields | null = null;
  return {
    raw,
    isTable,
    get fields() {
      made ??= fieldsOf(raw, isTable);
      return made;
    },
  };
}

/** Texts that people wrote: whatever they look like, they stay texts. */
const texts: ReadonlySet<string> = new Set([
  "title",
  "description",
  "summary",
  "short_description",
  "message",
  "name",
  "alias",
]);

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function fieldsOf(raw: Fields, isTable: boolean): Fields {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (value === "" || value === undefined) continue;
    const path = isTable && name.includes(".") ? name.split(".").map(columnWords) : [columnWords(name)];
    const last = path.at(-1);
    if (last === undefined || path.includes("")) continue;
    const opened = typeof value === "string" && !texts.has(last) ? openedJson(value) : value;
    put(fields, path, opened);
  }
  return fields;
}

function put(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first = "", ...rest] = path;
  if (rest.length === 0) {
    // Of `service` and `service.id` the object says more.
    if (!isObject(into[first])) into[first] = value;
    return;
  }
  const inner: Record<string, unknown> = isObject(into[first]) ? { ...into[first] } : {};
  into[first] = inner;
  put(inner, rest, value);
}

/** The object or list that a cell holds as JSON, or as Python writes one (`{'id': None}`); any other text as it is. */
export function openedJson(text: string): unknown {
  if (!/^\s*(?:\{[\s\S]*\}|\[[\s\S]*\])\s*$/u.test(text)) return text;
  for (const written of [text, fromPython(text)]) {
    try {
      const value: unknown = JSON.parse(written);
      if (typeof value === "object" && value !== null) return value;
    } catch {
      // It may be the other way of writing, or a text in brackets.
    }
  }
  return text;
}

/** Python's way of writing dictionaries and lists in JSON's. */
const fromPython = (text: string): string =>
  text.replace(
    /"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'|\b(None|True|False)\b/gu,
    (whole, single: string | undefined, word: string | undefined) => {
      if (single !== undefined)
        return JSON.stringify(single.replace(/\\(['"\\])/gu, "$1").replaceAll("\\n", "\n"));
      if (word !== undefined) return { None: "null", True: "true", False: "false" }[word] ?? whole;
      return whole;
    },
  );
