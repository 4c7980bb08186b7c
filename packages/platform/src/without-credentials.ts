/**
 * The text without the users and passwords of URLs in it: network errors and texts from outside may contain whole
 * URLs.
 *
 * @example
 * ```ts
 * withoutCredentials("https://robin:secret@gateway.example failed"); // => "https://gateway.example failed"
 * ```
 */
export const withoutCredentials = (text: string): string =>
  text.includes("@") ? text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/giu, "$1") : text;
