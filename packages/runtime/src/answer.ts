/**
 * What a handler reads of a web-standard Request, which is one. Hosts that have the whole body at hand give just
 * this: making a real Request, with its streams, costs more than the rest of `receive`.
 */
export type HandlerRequest = Pick<Request, "method" | "url" | "bytes"> & {
  readonly headers: Pick<Headers, "get">;
  /** The whole body where the host has it already: under the framework's hooks every promise costs microseconds. */
  readonly rawBody?: Uint8Array<ArrayBuffer>;
  /** The JSON of the body, where the host has parsed it as UTF-8 already. */
  readonly parsedBody?: unknown;
};

/** What a host reads of a web-standard Response, which is one. */
export type HandlerResponse = Pick<Response, "status" | "ok" | "text" | "json"> & {
  readonly headers: Pick<Headers, "get">;
};

/** Web-standard, so that tests call functions without sockets and any host can run them. */
export type Handler = (request: HandlerRequest) => Promise<HandlerResponse>;

/** The request that a host makes of what it was handed. `headers` by lower-case name. */
export const requestOf = (
  method: string,
  url: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  rawBody: Uint8Array<ArrayBuffer>,
  parsedBody?: unknown,
): HandlerRequest => ({
  method,
  url,
  headers: {
    get(name) {
      const value = headers[name.toLowerCase()];
      return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
    },
  },
  rawBody,
  parsedBody,
  bytes: async () => rawBody,
});

/** A response whose text is at hand: a host sends it without waiting for a stream. */
class Answer implements HandlerResponse {
  readonly status: number;
  readonly payload: string;
  readonly headers: Pick<Headers, "get">;

  constructor(status: number, payload: string, headers: Readonly<Record<string, string>>) {
    this.status = status;
    this.payload = payload;
    this.headers = { get: (name) => headers[name.toLowerCase()] ?? null };
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  async text(): Promise<string> {
    return this.payload;
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.payload);
  }
}

/** A one-line JSON answer. */
export const answer = (status: number, body: Readonly<Record<string, unknown>>): HandlerResponse =>
  new Answer(status, `${JSON.stringify(body)}\n`, { "content-type": "application/json" });

/**
 * A web page. It is kept by nobody and shown in no frame, and its type is not guessed; what it may do its own policy says
 * (https://owasp.org/www-project-secure-headers).
 */
export const pageAnswer = (status: number, page: string): HandlerResponse =>
  new Answer(status, page, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });

/** The headers of a response that a host passes on. */
export const passedHeaders = [
  "content-type",
  "cache-control",
  "content-security-policy",
  "cross-origin-resource-policy",
  "referrer-policy",
  "x-content-type-options",
] as const;

/** Those of them that a response has. */
export const headersOf = ({ headers }: HandlerResponse): Readonly<Record<string, string>> =>
  Object.fromEntries(
    passedHeaders.flatMap((name): [string, string][] => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );

/** The answer that says it all by its status. */
export const noContent: HandlerResponse = new Answer(204, "", {});

/** The text of a response, at once if it can be had at once. */
export const textOf = (response: HandlerResponse): string | Promise<string> =>
  response instanceof Answer ? response.payload : response.text();
