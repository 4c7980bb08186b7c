/**
 * Why a text cannot be the URL of PagerDuty, of a gateway before it, or of a webhook; null where it can. What is in it is never
 * told, for there may be a password: a URL is written into logs, states and settings as it is.
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
  // "https://@host" has neither and is none that anybody means.
  if (url.username !== "" || url.password !== "" || /^[^/?#]*\/\/[^/?#]*@/.test(text))
    return "holds a user or a password, which would be written into logs and settings: leave them out of the URL";
  return null;
}

const NO_URL = "is not a URL that begins with https:// or http://";

/** The same of the URL under which PagerDuty's REST API is called, which nothing but a path may follow. */
export function baseUrlProblem(text: string): string | null {
  const problem = urlProblem(text);
  if (problem !== null) return problem;
  const { search, hash } = new URL(text);
  return search === "" && hash === ""
    ? null
    : "ends with a query or a fragment, and paths are written behind it: leave that out";
}
