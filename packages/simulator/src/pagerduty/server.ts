import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { RestRequest } from "./rest.ts";
import type { RestAnswer } from "./rest-answer.ts";

export type RunningServer = { readonly url: string; close(): Promise<void> };

export type RestHandler = (request: RestRequest) => Promise<RestAnswer>;

/** Serves the REST API on 127.0.0.1, on a free port. A handler that rejects closes the connection unanswered. */
export async function serve(handler: RestHandler): Promise<RunningServer> {
  const server = createServer((incoming, outgoing) => {
    answer(handler, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", listening);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
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
  outgoing.end(await answered.text());
}
