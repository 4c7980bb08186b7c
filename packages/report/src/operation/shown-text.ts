// Titles, notes and names come from outside: they may be empty, endless, or reverse the reading order of what follows.
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]+/gu;
const MAX_LENGTH = 160;

/**
 * A text from outside as one line to show: without characters that cannot be seen, at most 160 long; `instead` where
 * nothing is left of it.
 *
 * @example
 * ```ts
 * shownText("disk\u202e full\n now"); // => "disk full now"
 * shownText("  ", "(no title)"); // => "(no title)"
 * ```
 */
export function shownText(text: string | null, instead = "(no title)"): string {
  const line = (text ?? "").toWellFormed().replace(INVISIBLE, " ").replace(/\s+/gu, " ").trim();
  const characters = [...line.slice(0, 2 * MAX_LENGTH)];
  if (characters.length > MAX_LENGTH)
    return `${characters
      .slice(0, MAX_LENGTH - 1)
      .join("")
      .trimEnd()}…`;
  return line === "" ? instead : line;
}

/**
 * The address, if a page may link to it: https, and no user or password in it. Null for anything else.
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
