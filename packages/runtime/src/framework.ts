import { messageOf } from "@mrdata/base";
import { jsonLog, type LogEventName } from "@mrdata/platform";
import { answer, type Handler, type HandlerResponse, headersOf, requestOf, textOf } from "./answer.ts";
import { endInPeace } from "./end-in-peace.ts";
import { leaveDomain } from "./leave-domain.ts";
import { MAX_PUSH } from "./read-body.ts";
import { watchRequests } from "./requests.ts";

/** What functions-framework hands over: Express's request with the raw bytes, and Express's response. */
export type FrameworkRequest = {
  readonly method: string;
  readonly originalUrl: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Undefined when there was no Content-Type or no body. */
  readonly rawBody?: Uint8Array<ArrayBuffer>;
  /** What the framework's parsers made of it. */
  readonly body?: unknown;
};
export type FrameworkResponse = {
  statusCode: number;
  /** True of a request that was turned away before the framework saw it. */
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
};

const noBody = new Uint8Array();

export type FrameworkOptions = {
  /** The longest body that anything reads, bytes. */
  readonly mostBytes?: number;
  /** The log's name for a request that is turned away by its head. */
  readonly refusedEvent?: LogEventName;
};

/**
 * The one place where a web-standard handler meets functions-framework, once in a process. No stack trace leaves it, no body is read
 * that is compressed or too long, and the process ends when its requests have.
 */
export function toFramework(
  load: () => Promise<Handler>,
  { mostBytes = MAX_PUSH, refusedEvent = "request.refused" }: FrameworkOptions = {},
): (request: FrameworkRequest, response: FrameworkResponse) => void {
  const log = jsonLog((line) => process.stdout.write(line));
  const requests = watchRequests({
    mostBytes,
    refused: ({ status, reason }) => log({ severity: "WARNING", event: refusedEvent, status, reason }),
  });
  endInPeace(requests, log);
  let loading: Promise<Handler> | undefined;
  let ready: Handler | undefined;

  function serve(handler: Handler, request: FrameworkRequest, response: FrameworkResponse): void {
    handler(
      requestOf(
        request.method,
        `http://function${request.originalUrl}`,
        request.headers,
        request.rawBody ?? noBody,
        isUtf8Json(request.headers["content-type"]) ? request.body : undefined,
      ),
    ).then(
      (answered) => send(response, answered),
      (error) => fail(response, error),
    );
  }

  function fail(response: FrameworkResponse, error: unknown): void {
    // Whatever it was opened with may be broken: the next request opens anew.
    loading = undefined;
    ready = undefined;
    log({
      severity: "ERROR",
      event: "function.failed",
      reason: messageOf(error),
    });
    send(response, answer(503, { error: "not ready: see the function's log" }));
  }

  return (request, response) => {
    if (response.headersSent) return;
    leaveDomain();
    if (ready !== undefined) return serve(ready, request, response);
    loading ??= (async () => load())();
    loading.then(
      (handler) => {
        ready = handler;
        serve(handler, request, response);
      },
      (error) => fail(response, error),
    );
  };
}

/** Only then is what the framework parsed what the signed bytes say. */
const isUtf8Json = (type: string | readonly string[] | undefined): boolean =>
  type === "application/json" || type === "application/json; charset=utf-8";

function send(response: FrameworkResponse, answered: HandlerResponse): void {
  // Whoever sent more bytes than anybody reads has its answer.
  if (response.headersSent) return;
  response.statusCode = answered.status;
  for (const [name, value] of Object.entries(headersOf(answered))) response.setHeader(name, value);
  const text = textOf(answered);
  if (typeof text === "string") response.end(text);
  else void text.then((late) => response.end(late));
}
