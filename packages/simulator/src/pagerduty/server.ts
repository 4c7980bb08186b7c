import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { RestRequest } from "./rest.ts";
import type { RestAnswer } from "./rest-answer.ts";
import { API } from "./shapes.ts";

export type RunningServer = { readonly url: string; close(): Promise<void> };

/** `certificate` (PEM): what a client has to trust; it is of this process alone, and its key is nowhere else. */
export type RunningTlsServer = RunningServer & { readonly certificate: string };

type Scheme = "http" | "https";

export type RestHandler = (request: RestRequest) => Promise<RestAnswer>;

/** Serves the REST API on 127.0.0.1, on a free port. A handler that rejects closes the connection unanswered. */
export const serve = (handler: RestHandler): Promise<RunningServer> =>
  listenOn(createServer(listener(handler, "http")), "http");

/** A day more than any test runs. */
const VALID_MS = 2 * 86_400_000;

/** The same over HTTPS, which some clients insist on, for `localhost` and 127.0.0.1. */
export async function serveTls(handler: RestHandler): Promise<RunningTlsServer> {
  // Most who start a double never serve HTTPS, and the library takes a moment to load.
  const { generate } = await import("selfsigned");
  const now = Date.now();
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(now - VALID_MS),
    notAfterDate: new Date(now + VALID_MS),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  const running = await listenOn(createTlsServer({ key, cert }, listener(handler, "https")), "https");
  return { ...running, certificate: cert };
}

const listener =
  (handler: RestHandler, scheme: Scheme): RequestListener =>
  (incoming, outgoing) => {
    answer(handler, incoming, outgoing, scheme).catch(() => outgoing.destroy());
  };

async function listenOn(
  server: Pick<Server, "once" | "listen" | "address" | "close" | "closeAllConnections">,
  scheme: Scheme,
): Promise<RunningServer> {
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", listening);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `${scheme}://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  handler: RestHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  scheme: Scheme,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort(new Error("the caller has gone")));
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { method = "GET", headers, url = "/" } = incoming;
  const answered = await handler({
    method,
    url: `http://${headers.host ?? "127.0.0.1"}${url}`,
    headers: {
      get(name) {
        const value = headers[name.toLowerCase()];
        return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
      },
    },
    signal: gone.signal,
    text: async () => Buffer.concat(chunks).toString("utf8"),
  });
  outgoing.writeHead(answered.status, answered.allHeaders);
  // Clients follow these links: they lead back here, and never to PagerDuty.
  const own = `"self":"${scheme}://${headers.host ?? "127.0.0.1"}/`;
  outgoing.end((await answered.text()).replaceAll(`"self":"${API}/`, own));
}
