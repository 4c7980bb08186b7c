/**
 * Why a text cannot be the URL of PagerDuty, of a gateway before it, or of a webhook; null where it can. The message
 * never quotes the URL, which may contain a password: a URL is written unmasked into logs, states and settings.
 *
 * @example
 * ```ts
 * urlProblem("https://gateway.example/pagerduty"); // => null
 * urlProblem("https://robin:secret@gateway.example").includes("secret"); // => false
 * ```
 */
export function urlProblem(text: string): string | null {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return NO_URL;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return NO_URL;
  // "https://@host" has neither, but nobody means that.
  if (url.username !== "" || url.password !== "" || /^[^/?#]*\/\/[^/?#]*@/.test(text))
    return "holds a user or a password, which would be written into logs and settings: leave them out of the URL";
  return null;
}

const NO_URL = "is not a URL that begins with https:// or http://";

/** The same for the base URL of PagerDuty's REST API, which may have a path and nothing after it. */
export function baseUrlProblem(text: string): string | null {
  const problem = urlProblem(text);
  if (problem !== null) return problem;
  const { search, hash } = new URL(text);
  return search === "" && hash === ""
    ? null
    : "ends with a query or a fragment, and paths are written behind it: leave that out";
}
