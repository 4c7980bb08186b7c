import { columnWords } from "@mrdata/learning";

export type Fields = Readonly<Record<string, unknown>>;

/** A row as in the file, and with normalised names. */
export type SourceRow = {
  readonly raw: Fields;
  /** Whether it comes from a table, so that all its values are texts. */
  readonly isTable: boolean;
  /**
   * The fields under normalised names (`Created at` is `created_at`), with dotted names as objects (`service.id`) and JSON in cells parsed.
   * Empty cells are absent. Computed lazily.
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

/** Free-text fields, which are never parsed as JSON. */
const freeTexts: ReadonlySet<string> = new Set([
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
    const opened = typeof value === "string" && !freeTexts.has(last) ? parseCell(value) : value;
    assign(fields, path, opened);
  }
  return fields;
}

function assign(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first = "", ...rest] = path;
  if (rest.length === 0) {
    // Of `service` and `service.id`, the object has more information.
    if (!isObject(into[first])) into[first] = value;
    return;
  }
  const inner: Record<string, unknown> = isObject(into[first]) ? { ...into[first] } : {};
  into[first] = inner;
  assign(inner, rest, value);
}

/** Parses an object or array written as JSON or in Python's notation (`{'id': None}`); any other text is returned unchanged. */
export function parseCell(text: string): unknown {
  if (!/^\s*(?:\{[\s\S]*\}|\[[\s\S]*\])\s*$/u.test(text)) return text;
  for (const written of [text, fromPython(text)]) {
    try {
      const value: unknown = JSON.parse(written);
      if (typeof value === "object" && value !== null) return value;
    } catch {
      // It may be the other notation, or a text in brackets.
    }
  }
  return text;
}

/** Converts Python's notation of dictionaries and lists to JSON. */
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
