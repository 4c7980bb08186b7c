import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { crc32c } from "./crc32c.ts";

type StoredObject = {
  readonly bytes: Buffer;
  readonly generation: number;
  /** What whoever wrote it said of it; and, where the bucket keeps that, who it was. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly owner?: { readonly entity: string };
};

export type StorageServer = {
  /** As the client's `apiEndpoint`. */
  readonly endpoint: string;
  /** What the one bucket holds, by object name; a test may look and may meddle. */
  readonly objects: Map<string, StoredObject>;
  /** Asked before an object is written; a status here is answered instead, `lost` writes and then breaks the line. */
  onWrite: (name: string) => number | "lost" | null;
  stop(): Promise<void>;
};

/**
 * As much of Cloud Storage's JSON API (https://cloud.google.com/storage/docs/json_api/v1/objects) as a model store
 * needs: list, get, delete, multipart insert with `ifGenerationMatch`. One bucket, in memory. Anything else is 501.
 */
export async function startStorageServer(): Promise<StorageServer> {
  const objects = new Map<string, StoredObject>();
  let generation = 1_000;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const body = await bodyOf(request);
    const [, , name] = /^(?:\/upload|\/download)?\/storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+))?$/.exec(
      url.pathname,
    ) ?? [null, null, undefined];
    if (request.method === "GET" && name !== undefined)
      return answerObject(response, objects, decodeURIComponent(name), url);
    if (request.method === "GET" && url.pathname.endsWith("/o")) return answerList(response, objects, url);
    if (request.method === "POST" && url.searchParams.get("uploadType") === "multipart") {
      const { name: written, bytes } = readMultipart(body, request.headers["content-type"] ?? "", url);
      const ruled = state.onWrite(written);
      if (typeof ruled === "number") return fail(response, ruled, "as the test wants it");
      const expected = url.searchParams.get("ifGenerationMatch");
      if (expected !== null && Number(expected) !== (objects.get(written)?.generation ?? 0))
        return fail(response, 412, "conditionNotMet");
      objects.set(written, { bytes, generation: ++generation });
      if (ruled === "lost") return response.destroy();
      return json(response, metadataOf(written, { bytes, generation }));
    }
    if (request.method === "DELETE" && name !== undefined) {
      if (!objects.delete(decodeURIComponent(name))) return fail(response, 404, "no such object");
      response.writeHead(204);
      return response.end();
    }
    fail(response, 501, `not in this server: ${request.method} ${url.pathname}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const state: StorageServer = {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    onWrite: () => null,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return state;
}

function answerObject(
  response: ServerResponse,
  objects: ReadonlyMap<string, StoredObject>,
  name: string,
  url: URL,
) {
  const object = objects.get(name);
  const wanted = url.searchParams.get("generation");
  if (object === undefined || (wanted !== null && wanted !== String(object.generation)))
    return fail(response, 404, `no such object: ${name}`);
  if (url.searchParams.get("alt") !== "media") return json(response, metadataOf(name, object));
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "x-goog-hash": `crc32c=${crc32c(object.bytes)}`,
  });
  response.end(object.bytes);
}

function answerList(response: ServerResponse, objects: ReadonlyMap<string, StoredObject>, url: URL) {
  const prefix = url.searchParams.get("prefix") ?? "";
  // Of glob patterns, `*` within one segment.
  const glob = url.searchParams.get("matchGlob") ?? "**";
  const pattern = new RegExp(
    `^${glob.replace(/[.+^$()|\\]/g, "\\$&").replace(/\*\*|\*/g, (stars) => (stars === "**" ? ".*" : "[^/]*"))}$`,
  );
  const names = [...objects.keys()].filter((name) => name.startsWith(prefix) && pattern.test(name)).sort();
  json(response, {
    kind: "storage#objects",
    items: names.flatMap((name) => {
      const object = objects.get(name);
      return object === undefined ? [] : [metadataOf(name, object)];
    }),
  });
}

const metadataOf = (name: string, { bytes, generation, metadata, owner }: StoredObject) => ({
  kind: "storage#object",
  name,
  bucket: "models",
  generation: String(generation),
  size: String(bytes.byteLength),
  crc32c: crc32c(bytes),
  ...(metadata !== undefined && { metadata }),
  ...(owner !== undefined && { owner }),
});

function readMultipart(body: Buffer, type: string, url: URL): { name: string; bytes: Buffer } {
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1] ?? "";
  const text = body.toString("latin1");
  const parts = text.split(`--${boundary}`).slice(1, -1);
  const contents = parts.map((part) => part.slice(part.indexOf("\r\n\r\n") + 4).replace(/\r\n$/, ""));
  const named: unknown = JSON.parse(contents[0] ?? "{}");
  const inBody = typeof named === "object" && named !== null && "name" in named ? String(named.name) : "";
  return {
    name: url.searchParams.get("name") ?? inBody,
    bytes: Buffer.from(contents[1] ?? "", "latin1"),
  };
}

function fail(response: ServerResponse, code: number, message: string) {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { code, message, errors: [{ message, reason: message }] } }));
}

function json(response: ServerResponse, body: unknown) {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
