import type { PastIncident } from "@mrdata/incident";
import type { Ledger, ResultStore } from "@mrdata/platform";
import { doneOf, historyFilesOf, importedIn, importedName, ledgerHistory } from "@mrdata/training";
import { CommandError } from "../exit-codes.ts";

/** A history file that a job imported, with those of its incidents that are not in the ledger. */
export type AcceptedFile = {
  readonly name: string;
  readonly generation: string;
  readonly writtenBy: string | null;
  readonly incidents: readonly PastIncident[];
};

/** The accepted contents of a job's files. Throws CommandError for a job without such files, or one still reading them. */
export async function filesToAccept(
  job: string,
  { ledger, results }: { readonly ledger: Ledger; readonly results: Pick<ResultStore, "read"> },
): Promise<readonly AcceptedFile[]> {
  if ((await ledger.training.job(job)) === null)
    throw new CommandError(`there is no job ${job}: see 'mrdata jobs'`);
  const done = await doneOf(job, ledger);
  const accepted: AcceptedFile[] = [];
  for (const [i, { name, generation, writtenBy }] of historyFilesOf(done).entries()) {
    const outcome = done.get(`import-${i}`)?.file;
    if (outcome === undefined)
      throw new CommandError(`job ${job} has not read ${name} yet: wait for it with 'mrdata jobs --follow'`);
    if (outcome.refused !== null || outcome.incidents === 0) continue;
    const bytes = await results.read(importedName({ name, generation }));
    if (bytes === null)
      throw new CommandError(
        `what job ${job} read of ${name} is not there any more: import it with 'mrdata import'`,
      );
    const { rows } = importedIn(bytes);
    const known = await ledgerHistory(ledger).knownAmong(rows.map(({ id }) => id));
    accepted.push({ name, generation, writtenBy, incidents: rows.filter(({ id }) => !known.has(id)) });
  }
  if (accepted.length === 0)
    throw new CommandError(`job ${job} imported no file that could be accepted: see 'mrdata jobs'`);
  return accepted;
}

/** Records that a person vouches for the files: no later job imports them, and their incidents count like observed ones. */
export async function noteAccepted(
  ledger: Pick<Ledger, "training">,
  files: readonly Pick<AcceptedFile, "name" | "generation">[],
  { by, at }: { readonly by: string; readonly at: number },
): Promise<void> {
  await ledger.training.changeState((state) => ({
    ...state,
    accepted: [
      ...state.accepted.filter(
        (one) => !files.some(({ name, generation }) => one.name === name && one.generation === generation),
      ),
      ...files.map(({ name, generation }) => ({ name, generation, at, by })),
    ],
  }));
}
