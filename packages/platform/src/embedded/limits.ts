// Firestore's limits (https://cloud.google.com/firestore/quotas#limits). Both stores enforce them, so that each accepts the same
// documents.

/** Size of one document, as Firestore measures it. */
export const MAX_BYTES = 1_048_576;
/** Size of one text: 1 MiB less 89 bytes. */
export const MAX_TEXT_BYTES = 1_048_487;
/** Length of a field's name, and of its path including the enclosing names. */
export const MAX_NAME_BYTES = 1_500;
/** Length of a document's full name. */
export const MAX_PATH_BYTES = 6_144;
/** Nesting depth of maps and lists below the document itself. */
export const MAX_LEVELS = 20;

// Storage sizes (https://cloud.google.com/firestore/docs/storage-size), in bytes.
export const NUMBER_BYTES = 8;
export const FLAG_BYTES = 1;
export const MAP_BYTES = 32;
export const PATH_BYTES = 16;
