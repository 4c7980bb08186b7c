import { causeOf, messageOf, retry, type Tried } from "@mrdata/base";
import { type Auth, authorizer } from "./auth.ts";
import type { CallBudget } from "./call-budget.ts";
import { PagerDutyError } from "./errors.ts";
import { regionHint } from "./region-hint.ts";
import { type ClientClock, isRetryable, retryAfterMs } from "./retry.ts";
import type { Answered, AnswerHeaders, Send } from "./send.ts";

export type ClientOptions = {
  readonly auth: Auth;
  /** E-mail of the bot's user, for calls that need a `From`. */
  readonly from: string | null;
  readonly region?: "us" | "eu";
  /** Replaces the region's URL: for tests and private gateways. */
  readonly baseUrl?: string;
  readonly clock: ClientClock;
  readonly fetch?: Send;
  /** In [0, 1); for the jitter. */
  readonly random?: () => number;
  /** Time limit of one attempt, milliseconds. */
  readonly timeout?: number;
  readonly attempts?: number;
  /** Time limit of all attempts together, milliseconds: no retry starts that would end later. */
  readonly deadline?: number;
  /** Receives every answer's headers, to track the remaining calls. */
  readonly budget?: Pick<CallBudget, "note">;
};

/** Called before every retry of a call that changes an incident. Returning false cancels the retry. */
export type BeforeRetry = { readonly beforeRetry?: () => Promise<boolean> };

/** Limits of one call that differ from the client's: attempts, and milliseconds per attempt. */
export type CallLimits = { readonly attempts?: number; readonly timeoutMs?: number };

export type Call = BeforeRetry & {
  readonly limits?: CallLimits | undefined;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path segments; each is escaped, so that no id can reach another path. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly body?: unknown;
  readonly from?: boolean;
  /** Called with the headers of every answer, including refusals. */
  readonly onAnswer?: (headers: AnswerHeaders) => void;
};

/**
 * Returns the parsed JSON, or undefined if a retry was cancelled. Throws PagerDutyError, and RangeError immediately for
 * what cannot be an id.
 */
export type Requester = (call: Call) => Promise<unknown>;

/** Printable ASCII, as required in a header. */
const PLAIN = /^[\x20-\x7e]+$/;

const regions = { us: "https://api.pagerduty.com", eu: "https://api.eu.pagerduty.com" } as const;

/** A complete answer. */
type Answer = Pick<Answered, "status" | "ok" | "headers"> & { readonly text: string };

const BACKOFF = { baseMs: 250, maxMs: 10_000 };

/** The reason for aborting the timer; created once, because creating an Error captures a stack. */
const answeredInTime = new Error("answered");

/**
 * Sends every call: with a time limit per attempt, and retried after 429, 5xx or no answer (`retry`) until attempts or
 * deadline are used up. A call that changes something consults `beforeRetry` first. After 401 an OAuth token is renewed
 * once. Throws RangeError for a segment that cannot be an id, and rejects with PagerDutyError.
 */
export function requester(options: ClientOptions): Requester {
  const { clock, from, random = Math.random, deadline = 25_000 } = options;
  const send = options.fetch ?? fetch;
  const base = (options.baseUrl ?? regions[options.region ?? "us"]).replace(/\/+$/, "");
  const authorization = authorizer(options.auth, () => clock.now(), send);

  async function once(call: Call, url: string, timeout: number): Promise<Answer | Error> {
    let key: string;
    try {
      key = await authorization.header();
    } catch (error) {
      return error instanceof PagerDutyError ? error : networkError(error);
    }
    // An invalid header value would be quoted, whole, in the error of setting it.
    if (!PLAIN.test(key)) return new Error("the key is not one line of plain characters");
    const headers = {
      accept: "application/vnd.pagerduty+json;version=2",
      authorization: key,
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      ...(call.from && from !== null ? { from } : {}),
    };
    const giveUp = new AbortController();
    const answered = new AbortController();
    clock.sleep(timeout, answered.signal).then(
      () => giveUp.abort(new Error(`no answer within ${timeout} ms`)),
      () => {},
    );
    try {
      const response = await send(url, {
        method: call.method,
        headers,
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        signal: giveUp.signal,
      });
      // The body belongs to the attempt: a server may stop in the middle of it.
      const text = await response.text();
      return { status: response.status, ok: response.ok, headers: response.headers, text };
    } catch (error) {
      return giveUp.signal.aborted ? new Error(`no answer within ${timeout} ms`) : networkError(error);
    } finally {
      answered.abort(answeredInTime);
    }
  }

  return async (call) => {
    const name = `${call.method} /${call.path.map(encodeURIComponent).join("/")}`;
    const url = urlOf(base, call);
    const { attempts = options.attempts ?? 4, timeoutMs: timeout = options.timeout ?? 5_000 } =
      call.limits ?? {};
    let renewed = false;

    async function attemptOnce(): Promise<Tried<unknown>> {
      const answer = await once(call, url, timeout);
      if (!(answer instanceof Error)) {
        options.budget?.note(answer.headers);
        call.onAnswer?.(answer.headers);
        if (answer.ok) return { value: jsonOf(answer, name) };
      }
      const failure = failureOf(name, answer, base);
      const serverWaitMs = answer instanceof Error ? null : retryAfterMs(answer.headers);
      if (failure.status === 401 && !renewed && authorization.renew()) {
        renewed = true;
        return { failure, again: "now", serverWaitMs };
      }
      return { failure, again: isRetryable(failure.status) ? "later" : "never", serverWaitMs };
    }
    return retry(attemptOnce, {
      clock,
      random,
      backoff: BACKOFF,
      deadlineMs: deadline,
      tryMs: timeout,
      attempts,
      beforeRetry: call.beforeRetry,
    });
  };
}

function urlOf(base: string, { path, query = {} }: Call): string {
  for (const segment of path) {
    // The URL standard resolves these even when escaped.
    if (segment === "" || segment === "." || segment === "..")
      throw new RangeError(`'${segment}' cannot be a PagerDuty id`);
  }
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    if (Array.isArray(value)) for (const one of value) search.append(`${name}[]`, one);
    else search.append(name, String(value));
  }
  const text = search.toString();
  return `${base}/${path.map(encodeURIComponent).join("/")}${text === "" ? "" : `?${text}`}`;
}

// fetch only says "fetch failed"; the reason is in the cause. Neither contains a header.
const networkError = (error: unknown): Error => new Error(messageOf(causeOf(error)));

/** Null for an answer without a body: 204, and 202 of a ping. */
function jsonOf({ text, status }: Answer, name: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new PagerDutyError(name, status, null, ["the answer is not JSON"]);
  }
}

function failureOf(name: string, answer: Answer | Error, base: string): PagerDutyError {
  if (!(answer instanceof Error))
    return refusal(name, answer, answer.status === 401 ? regionHint(base) : null);
  return answer instanceof PagerDutyError ? answer : new PagerDutyError(name, 0, null, [answer.message]);
}

function refusal(name: string, { text, status, headers }: Answer, hint: string | null): PagerDutyError {
  const wait = status === 429 ? retryAfterMs(headers) : null;
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // A proxy before PagerDuty may answer with an HTML page.
  }
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  if (typeof error !== "object" || error === null)
    return new PagerDutyError(name, status, null, hint === null ? [] : [hint], wait);
  const code = "code" in error && typeof error.code === "number" ? error.code : null;
  const messages = [
    hint,
    "message" in error ? error.message : null,
    ...("errors" in error && Array.isArray(error.errors) ? error.errors : []),
  ];
  return new PagerDutyError(
    name,
    status,
    code,
    messages.filter((message) => typeof message === "string"),
    wait,
  );
}
