import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createEndpoints, type DeployedModel, type Endpoints } from "./endpoints.ts";
import { createFaults, type Faults, refusalOf } from "./faults.ts";
import { createOperations, type Fate } from "./operations.ts";
import { readAliases, readChanges, readUpload } from "./read-upload.ts";
import { invalid, notFound, Refusal } from "./refusal.ts";
import { createRegistry, type Registry, type Version } from "./registry.ts";

/**
 * Vertex AI's model registry and its endpoints over REST, one place of it, written after the reference of v1
 * (`projects.locations.models`, `endpoints` and `operations`): paths, bodies, error bodies and the rules of models, versions, aliases,
 * deployed models and their traffic. Endpoints are made by Google's provider; here they are there, or not.
 */
export type VertexDouble = {
  readonly url: string;
  readonly registry: Registry;
  readonly faults: Faults;
  /** `METHOD path` of every call that came in. */
  readonly calls: readonly string[];
  /** Whether a model's files are there; replaced where buckets are doubled too. */
  artifactExists: (uri: string) => boolean;
  /** Asked before an upload: whether Google still provisions its own accounts, which read the files. */
  isProvisioning: () => boolean;
  readonly endpoints: Endpoints;
  /** Whether an endpoint was made; replaced where the provider is doubled too. */
  endpointExists: (name: string) => boolean;
  /** What the container of a deployed model says of these rows. */
  scores: (instances: readonly (readonly (number | null)[])[], deployed: DeployedModel) => readonly unknown[];
  /** Looks at an operation until it ends. */
  looksNeeded: number;
  close(): Promise<void>;
};

const PAGE = 2;

export async function startVertexDouble(token: string | null = null): Promise<VertexDouble> {
  const registry = createRegistry();
  const faults = createFaults();
  const calls: string[] = [];
  const operations = createOperations(() => double.looksNeeded);
  const endpoints = createEndpoints({
    operations,
    exists: (name) => double.endpointExists(name),
    versionOf(model) {
      const [, id = "", which] = /\/models\/([^/@]+)(?:@([^/@]+))?$/.exec(model) ?? [];
      return registry.version(id, which ?? null).id;
    },
    scores: (...asked) => double.scores(...asked),
  });
  const server = createServer(async (request, response) => {
    const { method = "GET" } = request;
    const url = new URL(request.url ?? "/", "http://double");
    const path = decodeURIComponent(url.pathname);
    const call = `${method} ${path}`;
    calls.push(call);
    const fault = faults.take(call);
    try {
      const body = await bodyOf(request);
      if (fault?.kind === "html") return send(response, fault.status, "<html>Bad Gateway</html>");
      if (fault?.kind === "refuse") {
        if (fault.retryAfter !== undefined) response.setHeader("retry-after", fault.retryAfter);
        throw refusalOf(fault);
      }
      const { authorization = "" } = request.headers;
      if (!authorization.startsWith("Bearer ") || (token !== null && authorization !== `Bearer ${token}`))
        throw new Refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
      const fate = fault?.kind === "operation" ? fault.fate : "done";
      const answer = route(method, path, url.searchParams, body, fate);
      if (fault?.kind === "lose-answer") return request.socket.destroy();
      send(response, 200, JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(response, error.status, JSON.stringify(error.body()));
    }
  });

  function route(method: string, path: string, query: URLSearchParams, body: unknown, fate: Fate): unknown {
    const place = /^\/v1\/(projects\/[^/]+\/locations\/[^/]+)\/(.+)$/.exec(path);
    if (place === null) throw notFound(`The path ${path}`);
    const [, parent = "", rest = ""] = place;
    if (method === "POST" && rest === "models:upload") return upload(parent, body, fate);
    const onEndpoint = /^endpoints\/([^/:]+)(?::(\w+)|\/(operations)(?:\/(\d+))?)?$/.exec(rest);
    if (onEndpoint !== null) {
      const [, id = "", verb = "", listing, operation] = onEndpoint;
      const name = `${parent}/endpoints/${id}`;
      if (operation !== undefined) return operations.look(`${name}/operations/${operation}`);
      if (listing !== undefined) return { operations: operations.listOf(name) };
      return endpoints.call(name, `${method} ${verb}`, { body, mask: query.get("updateMask") ?? "", fate });
    }
    const named = /^models\/([^/@:]+)(?:@([^/:]+))?(?::(\w+)|\/(operations)(?:\/(\d+))?)?$/.exec(rest);
    if (named === null) throw notFound(`The path ${path}`);
    const [, model = "", which = null, verb = "", listing, operation] = named;
    const name = `${parent}/models/${model}`;
    if (operation !== undefined) return operations.look(`${name}/operations/${operation}`);
    if (listing !== undefined) return { operations: operations.listOf(name) };
    const empty = (end: () => void) => () => {
      end();
      return {};
    };
    switch (`${method} ${verb}`) {
      case "GET ":
        return shown(name, registry.version(model, which));
      case "GET listVersions":
        return page(registry.versions(model), query, (version) => shown(name, version));
      case "PATCH ":
        return shown(name, registry.change(model, which, readChanges(body, query.get("updateMask") ?? "")));
      case "POST mergeVersionAliases":
        return shown(name, registry.mergeAliases(model, which ?? "", readAliases(body)));
      case "DELETE deleteVersion":
        registry.deleteVersion(model, which ?? "");
        return operations.start(
          name,
          "Delete",
          fate,
          empty(() => {}),
        );
      case "DELETE ":
        registry.versions(model);
        return operations.start(
          name,
          "Delete",
          fate,
          empty(() => registry.deleteModel(model)),
        );
      default:
        throw notFound(`The method ${method} ${path}`);
    }
  }

  function upload(parent: string, body: unknown, fate: Fate): unknown {
    const request = readUpload(body);
    if (double.isProvisioning())
      throw new Refusal(
        400,
        "FAILED_PRECONDITION",
        "Service agents are being provisioned (https://cloud.google.com/vertex-ai/docs/general/access-control#service-agents). Service agents are needed to read the Cloud Storage file provided. So please try again in a few minutes.",
      );
    if (!double.artifactExists(request.model.artifactUri))
      throw invalid(`There are no files at ${request.model.artifactUri}.`);
    const { model, finish, drop } = registry.begin(request);
    const name = `${parent}/models/${model}`;
    const end = () => ({
      "@type": "type.googleapis.com/google.cloud.aiplatform.v1.UploadModelResponse",
      model: name,
      modelVersionId: finish().id,
    });
    return operations.start(name, "UploadModel", fate, end, drop);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const double: VertexDouble = {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    registry,
    faults,
    calls,
    endpoints,
    endpointExists: () => true,
    scores: (instances) => instances.map(() => 0.5),
    artifactExists: () => true,
    isProvisioning: () => false,
    looksNeeded: 1,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return double;
}

const shown = (name: string, version: Version) => ({
  name: `${name}@${version.id}`,
  versionId: version.id,
  versionAliases: version.aliases,
  displayName: version.displayName,
  description: version.description,
  labels: version.labels,
  artifactUri: version.artifactUri,
  containerSpec: { imageUri: version.imageUri },
  versionCreateTime: version.createdAt,
});

function page(versions: readonly Version[], query: URLSearchParams, show: (version: Version) => unknown) {
  const from = Number(query.get("pageToken") ?? 0);
  const size = Math.min(PAGE, Number(query.get("pageSize") ?? PAGE));
  const next = from + size < versions.length ? { nextPageToken: String(from + size) } : {};
  return { models: versions.slice(from, from + size).map(show), ...next };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString("utf8");
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("The body is not JSON.");
  }
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": text.startsWith("<") ? "text/html" : "application/json" });
  response.end(text);
}
