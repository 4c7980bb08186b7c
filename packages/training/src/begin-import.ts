import type { HistoryFile, HistoryFiles, Ledger } from "@mrdata/platform";
import { jsonOf } from "./bytes.ts";
import { doneOf } from "./done-of.ts";
import { historyFilesOf } from "./graph.ts";
import { contentName } from "./names.ts";

/** The most files that one job imports, in order of their names; the others wait until some have been accepted. */
export const MAX_FILES = 50;

type Generation = Pick<HistoryFile, "name" | "generation">;

/**
 * Notes for a job, before it is started, which files of the history bucket it imports: all that nobody has accepted yet and that were
 * not refused before, for each generation is read once. Called again for the same job it changes nothing: the first list stands. Answers
 * with the files.
 */
export async function beginImport(
  job: string,
  files: HistoryFiles,
  { ledger, now }: { readonly ledger: Pick<Ledger, "training">; readonly now: number },
): Promise<readonly HistoryFile[]> {
  const before = historyFilesOf(await doneOf(job, ledger));
  if (before.length > 0) return before;
  const { accepted, importedBy, refused } = await ledger.training.state();
  const never = [...refused, ...(importedBy === null ? [] : await refusedBy(importedBy, ledger))];
  const known = new Set([...accepted, ...never].map(keyOf));
  const listed = await files.list();
  const open = listed.filter((file) => !known.has(keyOf(file))).slice(0, MAX_FILES);
  if (open.length === 0) return [];
  const outcome = { result: contentName("list", jsonOf(open)), files: open.map((file) => ({ ...file })) };
  // Stored before the job gets its list, so that a crash in between loses no rejection; the call is then repeated.
  const there = new Set(listed.map(keyOf));
  const kept = new Map(never.filter((one) => there.has(keyOf(one))).map((one) => [keyOf(one), one] as const));
  await ledger.training.changeState((state) => ({
    ...state,
    importedBy: job,
    refused: [...kept.values()],
  }));
  await ledger.training.openTask(job, "files", now);
  await ledger.training.endTask(job, "files", outcome, now);
  return open;
}

/** The files that a job has rejected. */
async function refusedBy(job: string, ledger: Pick<Ledger, "training">): Promise<readonly Generation[]> {
  const done = await doneOf(job, ledger);
  return historyFilesOf(done).flatMap(({ name, generation }, i) =>
    (done.get(`import-${i}`)?.file?.refused ?? null) === null ? [] : [{ name, generation }],
  );
}

const keyOf = ({ name, generation }: Generation): string => JSON.stringify([name, generation]);
