/** What begins the names of results in the bucket of the models; the bucket drops them when they are old. */
export const RESULTS_PREFIX = "training/";
