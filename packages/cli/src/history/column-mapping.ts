import { columnWords, historyColumns } from "@mrdata/learning";
import { nearest } from "@mrdata/pagerduty";
import { InvalidArgumentError } from "commander";
import { CommandError } from "../exit-codes.ts";
import type { Fields } from "./source-row.ts";

/** By name of a column of ours: the heading that somebody's file has for it. */
export type ColumnMapping = ReadonlyMap<string, string>;

/** Reads `id="Incident ID"`, and puts it to those before. Throws InvalidArgumentError for a column that we do not have. */
export function columnOption(text: string, before: ColumnMapping | undefined): ColumnMapping {
  const parts = /^\s*([^=]+?)\s*=\s*"?(.*?)"?\s*$/u.exec(text);
  const [, name = "", heading = ""] = parts ?? [];
  if (heading === "") throw new InvalidArgumentError('a column is named like id="Incident ID"');
  const names = Object.keys(historyColumns);
  if (!names.includes(name)) {
    const near = nearest(name, names);
    throw new InvalidArgumentError(
      `${name} is none of our columns${near === null ? "" : ` (${near} is)`}: ${names.join(", ")}`,
    );
  }
  return new Map([...(before ?? []), [name, heading]]);
}

/** Puts the columns of a file's rows under our names. Throws CommandError for a heading that the first row has not. */
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
        throw new CommandError(
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
