import { writeFileSync } from "node:fs";
import { CommandError } from "./exit-codes.ts";

/** Writes what is for people to open. Throws CommandError with the file's name where it cannot be written. */
export function writePage(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandError(
      `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
