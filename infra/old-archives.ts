import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** How long an archive that is not needed any more is kept: an `up` that began before the last build may still read it. */
const KEEP_MS = 86_400_000;

/**
 * Removes from `folder` all that is older than a day and not among `needed`: archives of former sources, their lists,
 * and halves that an interrupted build left. A saved plan needs none of them: `up --plan` runs the program again, and
 * from the same sources it builds the same bytes.
 */
export function removeOldArchives(folder: string, needed: ReadonlySet<string>, now = Date.now()): void {
  for (const name of readdirSync(folder)) {
    if (needed.has(name)) continue;
    const path = join(folder, name);
    const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > KEEP_MS) rmSync(path, { recursive: true, force: true });
  }
}
