/** What begins the names of results in the bucket of the models; the bucket drops them when they are old. */
export const RESULTS_PREFIX = "training/";
/** What begins those that are kept: what was read of a history file, for each of its generations is read once. */
const KEPT_PREFIX = "imports/";

/** The object of a result. What was read of a file is called `file-` and the hash of its name and generation. */
export const objectOfResult = (name: string): string =>
  `${name.startsWith("file-") ? KEPT_PREFIX : RESULTS_PREFIX}${name}`;
