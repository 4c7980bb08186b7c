/**
 * What a handler reads of a web-standard Request, which is one. Hosts that have the whole body at hand give just
 * this: making a real Request, with its streams, costs more than the rest of `receive`.
 */
export type HandlerRequest = Pick<Request, "method" | "url" | "bytes"> & {
  readonly headers: Pick<Headers, "get">;
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
  body: Uint8Array<ArrayBuffer>,
): HandlerRequest => ({
  method,
  url,
  headers: {
    get(name) {
      const value = headers[name.toLowerCase()];
      return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
    },
  },
  bytes: async () => body,
});

const respondWith = (status: number, text: string, type: string | null): HandlerResponse => ({
  status,
  ok: status >= 200 && status < 300,
  headers: { get: (name) => (name.toLowerCase() === "content-type" ? type : null) },
  text: async () => text,
  json: async () => JSON.parse(text),
});

/** A one-line JSON answer. */
export const answer = (status: number, body: Readonly<Record<string, unknown>>): HandlerResponse =>
  respondWith(status, `${JSON.stringify(body)}\n`, "application/json");

/** The answer that says it all by its status. */
export const noContent: HandlerResponse = respondWith(204, "", null);
