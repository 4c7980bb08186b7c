import { answer, type Handler } from "../answer.ts";

/** What functions-framework hands over: Express's request with the raw bytes, and Express's response. */
export type FrameworkRequest = {
  readonly method: string;
  readonly originalUrl: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Undefined when there was no Content-Type or no body. */
  readonly rawBody?: Uint8Array;
};
export type FrameworkResponse = {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body?: Uint8Array): unknown;
};

/** The one place where a web-standard handler meets functions-framework. No stack trace leaves it. */
export function toFramework(
  load: () => Promise<Handler>,
): (request: FrameworkRequest, response: FrameworkResponse) => Promise<void> {
  let handler: Promise<Handler> | undefined;
  return async (request, response) => {
    let answered: Response;
    try {
      handler ??= load();
      answered = await (await handler)(toRequest(request));
    } catch (error) {
      handler = undefined;
      process.stdout.write(
        `${JSON.stringify({ severity: "ERROR", event: "function.failed", reason: error instanceof Error ? error.message : "unknown" })}\n`,
      );
      answered = answer(503, { error: "not ready: see the function's log" });
    }
    response.statusCode = answered.status;
    for (const [name, value] of answered.headers) response.setHeader(name, value);
    response.end(answered.body === null ? undefined : await answered.bytes());
  };
}

function toRequest({ method, originalUrl, headers, rawBody }: FrameworkRequest): Request {
  const init: RequestInit = { method, headers: toHeaders(headers) };
  if (rawBody !== undefined && method !== "GET" && method !== "HEAD") init.body = Buffer.from(rawBody);
  return new Request(new URL(originalUrl, "http://function"), init);
}

export function toHeaders(headers: FrameworkRequest["headers"]): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string") result.append(name, value);
    else for (const one of value ?? []) result.append(name, one);
  }
  return result;
}
