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

  constructor(status: number, payload: string, type: string | null) {
    this.status = status;
    this.payload = payload;
    this.headers = { get: (name) => (name.toLowerCase() === "content-type" ? type : null) };
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
  new Answer(status, `${JSON.stringify(body)}\n`, "application/json");

/** The answer that says it all by its status. */
export const noContent: HandlerResponse = new Answer(204, "", null);

/** The text of a response, at once if it can be had at once. */
export const textOf = (response: HandlerResponse): string | Promise<string> =>
  response instanceof Answer ? response.payload : response.text();
