import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { answer, type Handler, type HandlerResponse, requestOf, textOf } from "../answer.ts";
import { MAX_PUSH } from "../read-body.ts";

export type Listening = {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Stops taking requests, lets those under way end, and closes. */
  close(): Promise<void>;
};

/**
 * Serves handlers on loopback, each under its own first path segment: `/receive` reaches the handler `receive` as `/`.
 * Rejects with a sentence if the port is taken.
 */
export async function listen(handlers: Readonly<Record<string, Handler>>, port: number): Promise<Listening> {
  const server = createServer((request, response) => {
    void serve(handlers, request, response);
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
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  let answered: HandlerResponse;
  let whole = true;
  try {
    // Put together, not resolved: a path that begins with `//` would be read as another host's name.
    const url = new URL(`http://function${incoming.url?.startsWith("/") ? incoming.url : "/"}`);
    const [, name = "", ...rest] = url.pathname.split("/");
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    const read = await readUpTo(incoming, MAX_PUSH);
    whole = read.whole;
    url.pathname = `/${rest.join("/")}`;
    answered = handler
      ? await handler(requestOf(incoming.method ?? "GET", url.href, incoming.headers, read.body))
      : answer(404, {
          error: `not found: there is ${Object.keys(handlers)
            .map((known) => `/${known}`)
            .join(", ")}`,
        });
  } catch {
    // A handler answers for its own failures; this is the last resort, and no stack trace leaves the process.
    answered = answer(500, { error: "internal error" });
  }
  const body = await textOf(answered);
  const type = answered.headers.get("content-type");
  outgoing.writeHead(answered.status, {
    ...(type === null ? {} : { "content-type": type }),
    ...(whole ? {} : { connection: "close" }),
  });
  outgoing.end(body);
  if (!whole) outgoing.once("finish", () => incoming.destroy());
}

/** Stops reading just past the limit: the handler sees that it is too much, and memory stays bounded. */
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
    if (size > most) return { body: Buffer.concat(chunks), whole: false };
  }
  return { body: Buffer.concat(chunks), whole: true };
}
