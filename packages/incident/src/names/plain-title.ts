/** Whitespace of all kinds, and invisible characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Z}\s]+/gu;
/** Line ends and tabs escaped on the way. A Windows path contains the same characters. */
const writtenOut = /(?<!\\)(?:\\[nrt])+/gu;
const windowsPath = /(?<![\p{L}])[a-z]:\\|^\\\\|\s\\\\/iu;

/** A title in one width and case, with whitespace of all kinds, escaped or not, as single spaces. */
export function plainTitle(title: string): string {
  const text = title.normalize("NFKC").toLowerCase().toWellFormed();
  const lines = windowsPath.test(text) ? text.replace(/\\[nrt]\s*$/u, " ") : text.replace(writtenOut, " ");
  return lines.replace(unseen, " ");
}
