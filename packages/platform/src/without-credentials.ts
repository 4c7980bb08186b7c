/**
 * The text with users and passwords taken out of the URLs in it: an error of the network may name a URL whole, and so may what
 * others wrote.
 *
 * @example
 * ```ts
 * withoutCredentials("https://robin:secret@gateway.example failed"); // => "https://gateway.example failed"
 * ```
 */
export const withoutCredentials = (text: string): string =>
  text.includes("@") ? text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/giu, "$1") : text;
