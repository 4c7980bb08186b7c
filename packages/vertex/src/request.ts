import { causeOf, messageOf, retry, type Tried } from "@mrdata/base";
import type { Authorization } from "./authorization.ts";
import { VertexError } from "./errors.ts";
import { isRetryable, retryAfterMs, type VertexClock } from "./retry.ts";

export type Call = {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** The path after `/v1/`; its names were validated when they were built. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Called before every retry. False cancels it, because the goal of the call is already reached. */
  readonly beforeRetry?: () => Promise<boolean>;
};

/** Returns the parsed JSON, or undefined if a retry was cancelled. Throws VertexError. */
export type Requester = (call: Call) => Promise<unknown>;

export type RequestOptions = {
  readonly baseUrl: string;
  readonly authorization: Authorization;
  readonly clock: VertexClock;
  readonly fetch: typeof fetch;
  /** In [0, 1); for the jitter. */
  readonly random: () => number;
  /** Timeout of one try, milliseconds. */
  readonly timeout: number;
  /** Deadline of all tries of one call together, milliseconds: no retry starts that would end later. */
  readonly deadline: number;
};

type Answer = { readonly status: number; readonly text: string; readonly retryAfter: string | null };

const BACKOFF = { baseMs: 500, maxMs: 30_000 };

export function requester(options: RequestOptions): Requester {
  const { authorization, clock, random, timeout, deadline } = options;
  const base = options.baseUrl.replace(/\/+$/, "");

  async function once(call: Call, url: URL): Promise<Answer> {
    const headers = new Headers({ authorization: await authorization() });
    if (call.body !== undefined) headers.set("content-type", "application/json");
    try {
      const response = await options.fetch(url, {
        method: call.method,
        headers,
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        signal: AbortSignal.timeout(timeout),
      });
      return {
        status: response.status,
        text: await response.text(),
        retryAfter: response.headers.get("retry-after"),
      };
    } catch (error) {
      return { status: 0, text: unreachable(error, timeout), retryAfter: null };
    }
  }

  return async (call) => {
    const name = `${call.method} ${call.path}`;
    const url = new URL(`${base}/v1/${call.path}`);
    for (const [key, value] of Object.entries(call.query ?? {})) url.searchParams.set(key, value);

    async function attemptOnce(): Promise<Tried<unknown>> {
      const answer = await once(call, url);
      if (answer.status >= 200 && answer.status < 300) return { value: jsonOf(name, answer) };
      const failure = failureOf(name, answer);
      const serverWaitMs = retryAfterMs(answer.retryAfter, clock.now());
      return {
        failure,
        again: isRetryable(failure.status, failure.reason) ? "later" : "never",
        serverWaitMs,
      };
    }
    return retry(attemptOnce, {
      clock,
      random,
      backoff: BACKOFF,
      deadlineMs: deadline,
      beforeRetry: call.beforeRetry,
    });
  };
}

// fetch says only "fetch failed"; the reason is in the cause. Neither contains a header.
function unreachable(error: unknown, timeout: number): string {
  if (error instanceof Error && error.name === "TimeoutError") return `no answer within ${timeout} ms`;
  return messageOf(causeOf(error));
}

function jsonOf(name: string, { status, text }: Answer): unknown {
  try {
    return text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    throw new VertexError(name, status, null, "the answer is not JSON");
  }
}

function failureOf(name: string, { status, text }: Answer): VertexError {
  if (status === 0) return new VertexError(name, 0, null, text);
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Proxies answer in HTML.
  }
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  if (typeof error !== "object" || error === null) return new VertexError(name, status, null, "");
  return new VertexError(
    name,
    status,
    "status" in error && typeof error.status === "string" ? error.status : null,
    "message" in error && typeof error.message === "string" ? error.message : "",
  );
}
