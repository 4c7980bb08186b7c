/** A busy machine takes longer than the product waits for Google, milliseconds: a limit for its clients that no test reaches. */
export const PATIENCE_MS = 300_000;
