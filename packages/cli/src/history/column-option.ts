import type { ColumnMapping } from "@mrdata/history";
import { historyColumns } from "@mrdata/learning";
import { nearest } from "@mrdata/pagerduty";
import { InvalidArgumentError } from "commander";

/** Parses `id="Incident ID"` and adds it to the earlier mappings. Throws InvalidArgumentError for an unknown column. */
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
