import { columnWords } from "@mrdata/learning";
import { nearest } from "@mrdata/pagerduty";
import { HistoryFileError } from "./history-file-error.ts";
import type { Fields } from "./source-row.ts";

/** Headings of a file, by the name of our column. */
export type ColumnMapping = ReadonlyMap<string, string>;

/** Renames a file's columns to ours. Throws HistoryFileError for a heading that the first row lacks. */
export function mappedRow(file: string, columns: ColumnMapping): (row: Fields) => Fields {
  let isFirst = true;
  return (row) => {
    const names = Object.keys(row);
    const mapped: Record<string, unknown> = { ...row };
    for (const [to, heading] of columns) {
      const from = names.find((name) => name === heading || columnWords(name) === columnWords(heading));
      if (from === undefined) {
        if (!isFirst) continue;
        const near = nearest(heading, names);
        throw new HistoryFileError(
          `${file} has no heading "${heading}" for ${to}${near === null ? "" : `; the nearest is "${near}"`}: it has ${names
            .slice(0, 20)
            .map((name) => `"${name}"`)
            .join(", ")}`,
        );
      }
      if (from !== to) delete mapped[from];
      mapped[to] = row[from];
    }
    isFirst = false;
    return mapped;
  };
}
