import { writeFileSync } from "node:fs";
import { CommandError } from "./exit-codes.ts";

/** Writes a page. Throws CommandError with the file's name if it cannot be written. */
export function writePage(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandError(
      `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
