import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { answer, type Handler, type HandlerResponse, headersOf, requestOf, textOf } from "./answer.ts";
import { bodyRefusal, tooManyBytes } from "./body-limit.ts";
import type { Door, Refusal } from "./door.ts";
import { MAX_PUSH } from "./read-body.ts";

export type Listening = {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Stops accepting requests, drains those in flight, and closes. */
  close(): Promise<void>;
};

export type ListenOptions = {
  /** Judges the headers of each request before anything else; if absent, every request is admitted. */
  readonly door?: Door;
  /** The longest body that is read, bytes. */
  readonly mostBytes?: number;
  /** Called with each rejected request. Only its path is passed on. */
  readonly refused?: (refusal: Refusal, path: string) => void;
};

/** How long a rejected client may continue to send, so that it reads the answer before the connection ends, milliseconds. */
const LINGER_MS = 1_000;

/**
 * Serves handlers on loopback, each under its own first path segment: `/receive` reaches the handler `receive` as `/`.
 * Rejects with a sentence if the port is taken.
 */
export async function listen(
  handlers: Readonly<Record<string, Handler>>,
  port: number,
  options: ListenOptions = {},
): Promise<Listening> {
  const server = createServer((request, response) => {
    void serve(handlers, options, request, response);
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new Error(
              `port ${port} of 127.0.0.1 is taken: choose another with --port, or --port 0 for a free one`,
            )
          : error,
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return { url: `http://127.0.0.1:${bound}`, port: bound, close: () => closeServer(server) };
}

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });

async function serve(
  handlers: Readonly<Record<string, Handler>>,
  { door, mostBytes = MAX_PUSH, refused = () => {} }: ListenOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  // Concatenated, not resolved: a path that begins with `//` would be parsed as another host.
  const url = urlOf(incoming.url?.startsWith("/") ? incoming.url : "/");
  const [, name = "", ...rest] = (url?.pathname ?? "/").split("/");
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  const refusal =
    door?.(incoming.headers, incoming.socket.localPort ?? 0) ??
    (handler === undefined ? notFound(handlers) : bodyRefusal(incoming.headers, mostBytes));
  if (refusal !== null || handler === undefined || url === null) {
    const said = refusal ?? notFound(handlers);
    refused(said, url?.pathname.slice(0, 100) ?? "");
    await send(outgoing, answer(said.status, { error: said.error }), incoming);
    return;
  }
  let answered: HandlerResponse;
  let whole = true;
  try {
    const read = await readUpTo(incoming, mostBytes);
    whole = read.whole;
    url.pathname = `/${rest.join("/")}`;
    if (whole)
      answered = await handler(requestOf(incoming.method ?? "GET", url.href, incoming.headers, read.body));
    else {
      const tooMany = tooManyBytes(mostBytes);
      refused(tooMany, `/${name}`);
      answered = answer(tooMany.status, { error: tooMany.error });
    }
  } catch {
    // Handlers handle their own failures; this is the last resort, and it exposes no stack trace.
    answered = answer(500, { error: "internal error" });
  }
  await send(outgoing, answered, whole ? null : incoming);
}

function urlOf(path: string): URL | null {
  try {
    return new URL(`http://function${path}`);
  } catch {
    return null;
  }
}

const notFound = (handlers: Readonly<Record<string, Handler>>): Refusal => ({
  status: 404,
  reason: "path",
  error: `not found: there is ${Object.keys(handlers)
    .map((known) => `/${known}`)
    .join(", ")}`,
});

/** Answers, then discards the rest of an `unread` body for a moment before the connection ends. */
async function send(
  outgoing: ServerResponse,
  answered: HandlerResponse,
  unread: IncomingMessage | null,
): Promise<void> {
  const body = await textOf(answered);
  outgoing.writeHead(answered.status, {
    ...headersOf(answered),
    ...(unread === null ? {} : { connection: "close" }),
  });
  outgoing.end(body);
  if (unread === null) return;
  unread.on("error", () => {});
  unread.resume();
  const late = setTimeout(() => unread.destroy(), LINGER_MS);
  late.unref();
  unread.once("close", () => clearTimeout(late));
}

/** Stops reading just past the limit, so that memory stays bounded. */
async function readUpTo(
  incoming: IncomingMessage,
  most: number,
): Promise<{ readonly body: Uint8Array<ArrayBuffer>; readonly whole: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > most) return { body: new Uint8Array(), whole: false };
  }
  return { body: Buffer.concat(chunks), whole: true };
}
