import { type Environment, historyBucketOf, identityOf, type localFiles } from "@mrdata/runtime";
import type { TaskFiles } from "@mrdata/training/threads";

/**
 * What threads that run tasks need: the files of a home, its hold window, and its history files where these are
 * imported.
 */
export function taskFilesOf(
  { ledger, models, results, history }: ReturnType<typeof localFiles>,
  environment: Environment,
): TaskFiles {
  const imports =
    historyBucketOf(environment) === null ? {} : { imports: { history, identity: identityOf(environment) } };
  return { ledger, models, results, windowMs: environment.MRDATA_WINDOW, ...imports };
}
