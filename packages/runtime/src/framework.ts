import { messageOf } from "@mrdata/base";
import { jsonLog, type LogEventName } from "@mrdata/platform";
import { answer, type Handler, type HandlerResponse, headersOf, requestOf, textOf } from "./answer.ts";
import { shutDownGracefully } from "./graceful-shutdown.ts";
import { leaveDomain } from "./leave-domain.ts";
import { MAX_PUSH } from "./read-body.ts";
import { watchRequests } from "./requests.ts";

/** The request of functions-framework: Express's with the raw bytes. */
export type FrameworkRequest = {
  readonly method: string;
  readonly originalUrl: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Undefined when there was no Content-Type or no body. */
  readonly rawBody?: Uint8Array<ArrayBuffer>;
  /** The body as parsed by the framework. */
  readonly body?: unknown;
};
export type FrameworkResponse = {
  statusCode: number;
  /** True if the request was rejected before the framework saw it. */
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
};

const noBody = new Uint8Array();

export type FrameworkOptions = {
  /** The longest accepted body, bytes. */
  readonly mostBytes?: number;
  /** The log event for a request that is rejected by its headers. */
  readonly refusedEvent?: LogEventName;
};

/**
 * The single adapter from a web-standard handler to functions-framework, once per process. It never exposes a stack trace, reads no
 * body that is compressed or too long, and exits only after its requests have ended.
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
  shutDownGracefully(requests, log);
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
    // The opened ports may be broken: the next request opens new ones.
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

/** Only then does the framework's parsed body match the signed bytes. */
const isUtf8Json = (type: string | readonly string[] | undefined): boolean =>
  type === "application/json" || type === "application/json; charset=utf-8";

function send(response: FrameworkResponse, answered: HandlerResponse): void {
  // A request with too many bytes has already been answered.
  if (response.headersSent) return;
  response.statusCode = answered.status;
  for (const [name, value] of Object.entries(headersOf(answered))) response.setHeader(name, value);
  const text = textOf(answered);
  if (typeof text === "string") response.end(text);
  else void text.then((late) => response.end(late));
}
