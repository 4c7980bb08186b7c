import { subscribe } from "node:diagnostics_channel";
import { IncomingMessage, Server, ServerResponse } from "node:http";
import { bodyRefusal, tooManyBytes } from "./body-limit.ts";
import type { Refusal } from "./door.ts";

export type RequestsOptions = {
  /** The longest accepted body, bytes. */
  readonly mostBytes: number;
  readonly refused: (refusal: Refusal) => void;
};

/** The requests of this process, seen before functions-framework sees them. */
export type Requests = {
  /** Stops accepting: new requests are answered with 503. Resolves when none is in flight. */
  drain(): Promise<void>;
  underWay(): number;
};

/** How long a rejected client may continue to send, so that it reads the answer before the connection ends, milliseconds. */
const LINGER_MS = 1_000;

const stopping: Refusal = { status: 503, reason: "stopping", error: "stopping: send again" };

/**
 * Observes every request of every HTTP server of this process from its headers on, through Node's own channel
 * (https://nodejs.org/api/diagnostics_channel.html#http), which is notified before any listener of the server. A request that must not be
 * read is answered here, and later listeners find no body on it.
 */
export function watchRequests({ mostBytes, refused }: RequestsOptions): Requests {
  const running = new Set<ServerResponse>();
  const servers = new Set<Server>();
  let draining = false;
  let whenIdle = (): void => {};

  subscribe("http.server.request.start", (message) => {
    const { request, response, server } = partsOf(message);
    if (request === null || response === null) return;
    if (server !== null) servers.add(server);
    running.add(response);
    response.once("close", () => {
      running.delete(response);
      if (running.size === 0) whenIdle();
    });
    const refusal = draining ? stopping : bodyRefusal(request.headers, mostBytes);
    if (refusal !== null) {
      refused(refusal);
      turnAway(request, response, refusal);
    } else if (request.headers["content-length"] === undefined && "transfer-encoding" in request.headers)
      count(request, response);
  });

  /** If the length is not declared, counts the bytes as they arrive, alongside the actual reader. */
  function count(request: IncomingMessage, response: ServerResponse): void {
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes <= mostBytes) return;
      // The reader so far is detached and gets no more data.
      for (const event of ["data", "end", "aborted", "error", "close"]) request.removeAllListeners(event);
      const refusal = tooManyBytes(mostBytes);
      refused(refusal);
      turnAway(request, response, refusal);
    });
  }

  return {
    underWay: () => running.size,
    drain() {
      draining = true;
      for (const server of servers) {
        server.close();
        server.closeIdleConnections();
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      whenIdle = resolve;
      if (running.size === 0) resolve();
      return promise;
    },
  };
}

/** Answers before the body is read, then discards the rest for a moment before the connection ends. */
function turnAway(
  request: IncomingMessage,
  response: ServerResponse,
  { status, error }: Omit<Refusal, "reason">,
): void {
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(`${JSON.stringify({ error })}\n`);
  // The framework's parsers detect a body by these headers: without them nothing is inflated or kept.
  for (const name of ["content-length", "transfer-encoding", "content-encoding"])
    delete request.headers[name];
  request.on("error", () => {});
  request.resume();
  const late = setTimeout(() => request.destroy(), LINGER_MS);
  late.unref();
  request.once("close", () => clearTimeout(late));
}

function partsOf(message: unknown): {
  readonly request: IncomingMessage | null;
  readonly response: ServerResponse | null;
  readonly server: Server | null;
} {
  const { request, response, server }: { request?: unknown; response?: unknown; server?: unknown } =
    typeof message === "object" && message !== null ? message : {};
  return {
    request: request instanceof IncomingMessage ? request : null,
    response: response instanceof ServerResponse ? response : null,
    server: server instanceof Server ? server : null,
  };
}
