import { codeOf } from "@mrdata/base";

/** No room on the disk, or none left of what this user may fill. */
const FULL: readonly unknown[] = ["ENOSPC", "EDQUOT"];

/** Writes into a folder; throws Error in a sentence where its disk is full, and what `write` throws otherwise. */
export function sayingWhenFull<T>(dir: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!FULL.includes(codeOf(error))) throw error;
    throw new Error(`the disk with ${dir} is full: make room there and begin again`, { cause: error });
  }
}
