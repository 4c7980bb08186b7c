/** Quotes the text as one word of a shell command. */
export const shellQuoted = (text: string): string =>
  /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
