import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "@mrdata/base";
import { type Compared, comparedFigures } from "./compared.ts";
import type { Figure } from "./figure.ts";

const root = join(import.meta.dirname, "../..");

/** Where the benchmarks of this revision lie in the copy of another. */
const OURS = "test/bench-of-now";

/** Each is measured so often, in turns: what others do to the machine meanwhile meets both. */
const ROUNDS = 2;

/**
 * Builds a revision in a temporary folder and measures the same benchmarks there and here, in turns. Throws an Error for a
 * revision that is not there, and for a benchmark that fails; one that the revision does not have is measured there as here, and
 * where it asks for what is not there either, told and passed over.
 */
export function compareWith(
  revision: string,
  names: readonly string[],
  options: readonly string[],
): readonly Compared[] {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-compared-"));
  try {
    copyOf(revision, folder);
    return names.flatMap((name) => {
      const before: (readonly Figure[])[] = [];
      const now: (readonly Figure[])[] = [];
      for (let round = 1; round <= ROUNDS; round++) {
        process.stderr.write(`${name}: round ${round} of ${ROUNDS}\n`);
        const there = measured(folder, name, options) ?? measuredByOurs(folder, name, options);
        if (there === null) {
          process.stderr.write(`${name}: ${revision} has no such benchmark\n`);
          return [];
        }
        before.push(there);
        now.push(measured(root, name, options) ?? []);
      }
      return comparedFigures(before, now);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The revision's files, without its history. What it depends on is installed by its first run. */
function copyOf(revision: string, folder: string): void {
  const archived = join(folder, "revision.tar");
  for (const [command, ...args] of [
    ["git", "-C", root, "rev-parse", "--verify", "--quiet", `${revision}^{commit}`],
    ["git", "-C", root, "archive", "--output", archived, revision],
    ["tar", "-xf", archived, "-C", folder],
  ] as const) {
    const done = spawnSync(command, args, { encoding: "utf8" });
    if (done.status !== 0)
      throw new Error(
        `there is no revision '${revision}' to compare with: ${command} ${args.join(" ")}: ${done.error?.message ?? (done.stderr.trim() || `exit ${done.status}`)}`,
      );
  }
}

/**
 * A revision from before the benchmark: with this one's benchmarks in the place of its own. Null where those ask for what it
 * does not have.
 */
function measuredByOurs(clone: string, name: string, options: readonly string[]): readonly Figure[] | null {
  // Beside its own, which others may still be measured by, and as deep: what they import is found from there.
  cpSync(join(root, "test/bench"), join(clone, OURS), { recursive: true });
  try {
    return measured(clone, name, options, OURS);
  } catch (error) {
    process.stderr.write(`${name}: ${messageOf(error)}\n`);
    return null;
  }
}

/** What one run of a benchmark in a clone prints; null where the clone has no such benchmark. */
function measured(
  clone: string,
  name: string,
  options: readonly string[],
  benches = "test/bench",
): readonly Figure[] | null {
  const args = ["scripts/run.mjs", join(benches, "main.ts"), "--json", ...options, name];
  const ran = spawnSync(process.execPath, args, { cwd: clone, encoding: "utf8", maxBuffer: 1e8 });
  if (ran.status === 2) return null;
  if (ran.status !== 0) throw new Error(`${name} in ${clone} ended with ${ran.status}:\n${ran.stderr}`);
  return ran.stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line): Figure => JSON.parse(line));
}
