import type { HistoryFile, HistoryFiles, Ledger } from "@mrdata/platform";
import { jsonOf } from "./bytes.ts";
import { contentName } from "./names.ts";

/** So many files one job imports at most, in order of their names; the others wait until some were accepted. */
export const MAX_FILES = 50;

/**
 * Notes for a job, before it is started, which files of the history bucket it imports: all that nobody has accepted yet.
 * Called again for the same job it changes nothing: the first list stands. Answers with the files.
 */
export async function beginImport(
  job: string,
  files: HistoryFiles,
  { ledger, now }: { readonly ledger: Pick<Ledger, "training">; readonly now: number },
): Promise<readonly HistoryFile[]> {
  const { accepted } = await ledger.training.state();
  const known = new Set(accepted.map(keyOf));
  const open = (await files.list()).filter((file) => !known.has(keyOf(file))).slice(0, MAX_FILES);
  if (open.length === 0) return [];
  await ledger.training.openTask(job, "files", now);
  const outcome = { result: contentName("list", jsonOf(open)), files: open.map((file) => ({ ...file })) };
  await ledger.training.endTask(job, "files", outcome, now);
  return open;
}

const keyOf = ({ name, generation }: Pick<HistoryFile, "name" | "generation">): string =>
  JSON.stringify([name, generation]);
