import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aside, type Figure } from "./figure.ts";
import { STEPS, scaleProcess } from "./scale-process.ts";
import { writeHistory } from "./some-history.ts";

/** So few that two revisions are compared in minutes, on a machine that others use, too. */
const INCIDENTS = 20_000;

/**
 * Reading 20,000 incidents, importing them into a ledger, features and one forest, each in processor time. There is no goal
 * for seconds, which machines differ in: `--compare REV` says what part of another revision's each takes.
 */
export async function benchImport(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-bench-"));
  try {
    const file = join(folder, "history.ndjson");
    await writeHistory(file, INCIDENTS, 1);
    const done = scaleProcess(file, join(folder, "home"));
    return [
      ...STEPS.map((step) => aside(`scale.import.${step}`, done[step].processor, "s of processor time")),
      aside("scale.import.memory", done.memory / 1e9, "GB"),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
