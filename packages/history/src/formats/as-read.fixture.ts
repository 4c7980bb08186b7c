import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PastIncident } from "@mrdata/incident";
import { type ReadOptions, readHistory } from "../read-history.ts";

/** Reads files with these contents, strictly, and returns the history with the detected formats. */
export async function asRead(texts: string | readonly string[], options: ReadOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-format-"));
  try {
    const files = [texts].flat().map((text, i) => {
      const file = join(folder, `history-${i}`);
      writeFileSync(file, text);
      return file;
    });
    const history = await readHistory(files, { strict: true, ...options });
    return { ...history, formats: [...history.formats.keys()], byId: byId(history.incidents) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const byId = (incidents: readonly PastIncident[]) =>
  Object.fromEntries(incidents.map((one) => [one.id, one]));

export const csv = (headings: readonly string[], ...rows: readonly (readonly string[])[]): string =>
  [headings, ...rows]
    .map((cells) =>
      cells.map((cell) => (/[",;\n]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(","),
    )
    .join("\n")
    .concat("\n");

export const lines = (...rows: readonly unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join("");
