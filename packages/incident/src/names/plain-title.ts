/** Blanks of all kinds, and what cannot be seen. */
const unseen = /[\p{Cc}\p{Cf}\p{Z}\s]+/gu;
/** Line ends and tabs that were written out on the way. A path of Windows has the same signs. */
const writtenOut = /(?<!\\)(?:\\[nrt])+/gu;
const windowsPath = /(?<![\p{L}])[a-z]:\\|^\\\\|\s\\\\/iu;

/** A title in one width and case, with blanks of all kinds, written out or not, as single blanks. */
export function plainTitle(title: string): string {
  const text = title.normalize("NFKC").toLowerCase().toWellFormed();
  const lines = windowsPath.test(text) ? text.replace(/\\[nrt]\s*$/u, " ") : text.replace(writtenOut, " ");
  return lines.replace(unseen, " ");
}
