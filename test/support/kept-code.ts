const { NODE_COMPILE_CACHE } = process.env;

/** For processes that are given nothing else of the caller's environment: where Node keeps what it compiled. */
export const keptCode: Readonly<Record<string, string>> =
  NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
