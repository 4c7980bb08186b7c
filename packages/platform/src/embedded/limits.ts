// Firestore's limits (https://cloud.google.com/firestore/quotas#limits), which both stores keep, so that what one takes the
// other takes too.

/** Of one document, as Firestore measures it. */
export const MAX_BYTES = 1_048_576;
/** Of one text: 1 MiB less 89 bytes. */
export const MAX_TEXT_BYTES = 1_048_487;
/** Of a field's name, and of its path with the names of what it is in. */
export const MAX_NAME_BYTES = 1_500;
/** Of a document's whole name. */
export const MAX_PATH_BYTES = 6_144;
/** Maps and lists within each other, below the document itself. */
export const MAX_LEVELS = 20;

// What things take (https://cloud.google.com/firestore/docs/storage-size), in bytes.
export const NUMBER_BYTES = 8;
export const FLAG_BYTES = 1;
export const MAP_BYTES = 32;
export const PATH_BYTES = 16;
