/** Prefix of results in the models' bucket; a lifecycle rule deletes old ones. */
export const RESULTS_PREFIX = "training/";
/** Prefix of results that are kept: imported history files, because each generation is read only once. */
const KEPT_PREFIX = "imports/";

/** The object name of a result. An imported file's result is named `file-` and the hash of the file's name and generation. */
export const objectOfResult = (name: string): string =>
  `${name.startsWith("file-") ? KEPT_PREFIX : RESULTS_PREFIX}${name}`;
