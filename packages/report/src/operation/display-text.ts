// Titles, notes and names are untrusted: they may be empty, very long, or reverse the reading order of what follows.
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]+/gu;
const MAX_LENGTH = 160;
/** What the bot says itself often has its figures at the end, so it may be longer; but it may quote an untrusted text, too. */
const MAX_SENTENCE_LENGTH = 600;
const LONG_WORD = /\S{80,}/gu;

/**
 * An untrusted text as one line for display: without invisible characters, at most 160 characters long; `instead` if nothing is left.
 *
 * @example
 * ```ts
 * displayText("disk\u202e full\n now"); // => "disk full now"
 * displayText("  ", "(no title)"); // => "(no title)"
 * ```
 */
export function displayText(text: string | null, instead = "(no title)"): string {
  return oneLine(text, instead, MAX_LENGTH);
}

/** A sentence of the bot's own as one line: as `displayText`, at most 600 characters long, and no word longer than 80. */
export const displaySentence = (text: string): string =>
  oneLine(text, "", MAX_SENTENCE_LENGTH).replace(LONG_WORD, (word) => `${word.slice(0, 79).toWellFormed()}…`);

function oneLine(text: string | null, instead: string, maxLength: number): string {
  const line = (text ?? "").toWellFormed().replace(INVISIBLE, " ").replace(/\s+/gu, " ").trim();
  const characters = [...line.slice(0, 2 * maxLength)];
  if (characters.length > maxLength)
    return `${characters
      .slice(0, maxLength - 1)
      .join("")
      .trimEnd()}…`;
  return line === "" ? instead : line;
}

/**
 * The address if a page may link to it: https, without user or password. Null for anything else.
 *
 * @example
 * ```ts
 * safeLink("https://acme.pagerduty.com/incidents/Q1"); // => "https://acme.pagerduty.com/incidents/Q1"
 * safeLink("javascript:alert(1)"); // => null
 * safeLink("https://user:secret@acme.test/"); // => null
 * ```
 */
export function safeLink(address: string | null): string | null {
  if (address === null || !URL.canParse(address)) return null;
  const { protocol, username, password, href } = new URL(address);
  return protocol === "https:" && username === "" && password === "" ? href : null;
}
