import { answer, type Handler, type HandlerResponse, requestOf } from "../answer.ts";

/** What functions-framework hands over: Express's request with the raw bytes, and Express's response. */
export type FrameworkRequest = {
  readonly method: string;
  readonly originalUrl: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Undefined when there was no Content-Type or no body. */
  readonly rawBody?: Uint8Array<ArrayBuffer>;
};
export type FrameworkResponse = {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
};

/** The one place where a web-standard handler meets functions-framework. No stack trace leaves it. */
export function toFramework(
  load: () => Promise<Handler>,
): (request: FrameworkRequest, response: FrameworkResponse) => Promise<void> {
  let handler: Promise<Handler> | undefined;
  return async (request, response) => {
    let answered: HandlerResponse;
    try {
      handler ??= load();
      answered = await (await handler)(
        requestOf(
          request.method,
          `http://function${request.originalUrl}`,
          request.headers,
          request.rawBody ?? new Uint8Array(),
        ),
      );
    } catch (error) {
      handler = undefined;
      process.stdout.write(
        `${JSON.stringify({ severity: "ERROR", event: "function.failed", reason: error instanceof Error ? error.message : "unknown" })}\n`,
      );
      answered = answer(503, { error: "not ready: see the function's log" });
    }
    response.statusCode = answered.status;
    const type = answered.headers.get("content-type");
    if (type !== null) response.setHeader("content-type", type);
    response.end(await answered.text());
  };
}
