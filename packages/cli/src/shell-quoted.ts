/** As one word of a shell's line, whatever is in it. */
export const shellQuoted = (text: string): string =>
  /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
