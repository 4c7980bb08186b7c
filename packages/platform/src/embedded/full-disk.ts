import { codeOf } from "@mrdata/base";

/** No space left on the disk, or in the user's quota. */
const FULL: readonly unknown[] = ["ENOSPC", "EDQUOT"];

/** Runs `write` on a folder; throws an Error that says so if its disk is full, and otherwise what `write` throws. */
export function sayingWhenFull<T>(dir: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!FULL.includes(codeOf(error))) throw error;
    throw new Error(`the disk with ${dir} is full: make room there and begin again`, { cause: error });
  }
}
