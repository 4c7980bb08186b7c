/**
 * The part of a web-standard Request that handlers use; a Request satisfies it. Hosts that already have the whole body pass only
 * this, because creating a real Request, with its streams, costs more than the rest of `receive`.
 */
export type HandlerRequest = Pick<Request, "method" | "url" | "bytes"> & {
  readonly headers: Pick<Headers, "get">;
  /** The whole body if the host already has it: under the framework's hooks every promise costs microseconds. */
  readonly rawBody?: Uint8Array<ArrayBuffer>;
  /** The JSON of the body, if the host has already parsed it as UTF-8. */
  readonly parsedBody?: unknown;
};

/** The part of a web-standard Response that hosts use; a Response satisfies it. */
export type HandlerResponse = Pick<Response, "status" | "ok" | "text" | "json"> & {
  readonly headers: Pick<Headers, "get">;
};

/** Web-standard, so that tests call functions without sockets and any host can run them. */
export type Handler = (request: HandlerRequest) => Promise<HandlerResponse>;

/** A request from the parts that a host has. `headers` by lower-case name. */
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

/** A response whose text is already available: a host sends it without waiting for a stream. */
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
 * A web page with security headers: no caching, no framing, no type sniffing, and a content security policy
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
const passedHeaders = [
  "content-type",
  "cache-control",
  "content-security-policy",
  "cross-origin-resource-policy",
  "referrer-policy",
  "x-content-type-options",
] as const;

/** The ones that a response has. */
export const headersOf = ({ headers }: HandlerResponse): Readonly<Record<string, string>> =>
  Object.fromEntries(
    passedHeaders.flatMap((name): [string, string][] => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );

/** An answer without a body. */
export const noContent: HandlerResponse = new Answer(204, "", {});

/** The text of a response, synchronously if it is available. */
export const textOf = (response: HandlerResponse): string | Promise<string> =>
  response instanceof Answer ? response.payload : response.text();
