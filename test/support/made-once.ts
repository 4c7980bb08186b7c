import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { sourcesHash } from "../../infra/sources-hash.ts";

const root = join(import.meta.dirname, "../..");
/** Outside of the project: what is started there finds no packages of ours. */
const home = join(tmpdir(), `mrdata-made-${userInfo().username}`);

let ofSources: string | undefined;

/** Whoever has made nothing for so long was killed, milliseconds. */
const DEAD_AFTER = 600_000;

/**
 * A folder that `make` fills: once for the same sources of the packages and of `makers` (files that say how it is made), by
 * whichever process asks first. The others wait for it. For what is the same bytes every time and takes seconds to make;
 * nobody may change what is in it.
 */
export async function madeOnce(
  name: string,
  makers: readonly string[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  ofSources ??= sourcesHash(root);
  const hash = createHash("sha256").update(ofSources);
  for (const file of makers) hash.update(readFileSync(file));
  const folder = join(home, `${name}-${hash.digest("hex").slice(0, 32)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(home, { recursive: true });
  const free = await locked(`${folder}.lock`, () => existsSync(folder));
  try {
    if (existsSync(folder)) return folder;
    const half = mkdtempSync(join(home, "half-"));
    try {
      await make(half);
      renameSync(half, folder);
    } finally {
      rmSync(half, { recursive: true, force: true });
    }
    return folder;
  } finally {
    free();
  }
}

/** Waits for the lock, or until it is not needed any more. Answers with what gives it back. */
async function locked(lock: string, isDone: () => boolean): Promise<() => void> {
  for (;;) {
    if (isDone()) return () => {};
    if (taken(lock)) return () => rmSync(lock, { recursive: true, force: true });
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > DEAD_AFTER)
      rmSync(lock, { recursive: true, force: true });
    else await setTimeout(50);
  }
}

function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}
