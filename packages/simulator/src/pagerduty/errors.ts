import { RestAnswer } from "./rest-answer.ts";

/**
 * PagerDuty says no. Statuses and codes are those of its REST API (developer docs, Errors; 1008 and 2016 as users of
 * the real one report them).
 */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    code: number,
    message: string,
    errors: readonly string[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

export const refusals = {
  alreadyResolved: () => new Refusal(400, 1001, "Incident Already Resolved"),
  alreadyAcknowledged: () => new Refusal(400, 1002, "Incident Already Acknowledged"),
  changedSince: () => new Refusal(400, 1005, "Incident data has been updated since the last request"),
  cannotEscalate: () => new Refusal(400, 1006, "Cannot Escalate"),
  requesterNotFound: () => new Refusal(400, 1008, "Requester User Not Found"),
  badSnooze: () =>
    new Refusal(400, 1012, "Invalid Snooze Duration", ["expected whole seconds from 1 to 604800"]),
  cannotSnooze: () =>
    new Refusal(400, 1013, "Cannot Snooze", ["only an acknowledged incident can be snoozed"]),
  nobodyOnCall: () => new Refusal(400, 1015, "Nobody is on call at the target escalation level"),
  invalid: (...errors: readonly string[]) => new Refusal(400, 2001, "Invalid Input Provided", errors),
  fromMissing: () =>
    new Refusal(
      400,
      2016,
      'You must specify a user\'s email address in the "From" header to perform this action',
    ),
  unauthenticated: () => new Refusal(401, 2010, "Access Denied", ["the request has no valid API token"]),
  readOnly: () => new Refusal(403, 2010, "Access Denied", ["the API token may only read"]),
  limitReached: (what: string) => new Refusal(400, 2019, "Product Limit Reached", [what]),
  notFound: () => new Refusal(404, 2100, "Not Found"),
  rateLimited: (headers: Readonly<Record<string, string>>) =>
    new Refusal(429, 2020, "Rate Limit Exceeded", [], headers),
  tooLarge: () => new Refusal(413, 2001, "Request Entity Too Large"),
  noUser: () => new Refusal(400, 2001, NO_USER),
  broken: () => new Refusal(500, 2000, "Internal Server Error"),
} as const;

/** What GET /users/me answers to an account's key: a bare text, by which PagerDuty's Python client distinguishes the two kinds of key. */
const NO_USER =
  "Because this request was made using an account-level access token, we were unable to determine the user's identity. Please use a user-level token.";

/** `{error: {message, code, errors}}`, as PagerDuty writes it. */
export const refusalAnswer = ({ status, code, message, errors, headers }: Refusal): RestAnswer =>
  new RestAnswer(status, { error: message === NO_USER ? message : { message, code, errors } }, headers);
