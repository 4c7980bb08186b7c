import { writeFileSync } from "node:fs";
import { messageOf } from "@mrdata/base";
import type { Backtest } from "@mrdata/learning";
import { CommandError } from "../exit-codes.ts";

/** Writes a line for every scored incident, in the order in which they opened. */
export function writeRows(file: string, { scored }: Backtest): void {
  const lines = scored.map(({ incident, probability, hold, label }) =>
    JSON.stringify({
      id: incident.numericId ? Number(incident.id) : incident.id,
      created_at: new Date(incident.createdAt).toISOString().replace(".000Z", "Z"),
      probability,
      hold,
      label,
    }),
  );
  writeText(file, `${lines.join("\n")}\n`);
}

/** Throws CommandError if the file cannot be written. */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandError(`${file} cannot be written: ${messageOf(error)}`);
  }
}
