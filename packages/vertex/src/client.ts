import {
  modelAnswer,
  operationAnswer,
  operationsAnswer,
  type RestOperation,
  type RestVersion,
  versionsAnswer,
} from "./answers.ts";
import { type Authorization, googleAuthorization } from "./authorization.ts";
import { VertexError } from "./errors.ts";
import { checkAlias, checkVersion, modelName, type Place, parentOf } from "./names.ts";
import { finish } from "./operation.ts";
import { type Requester, requester } from "./request.ts";
import { realClock, type VertexClock } from "./retry.ts";
import { type Upload, uploadOnce } from "./upload.ts";

export type VertexOptions = Place & {
  /** In place of the region's: private endpoints, tests. */
  readonly baseUrl?: string;
  readonly authorization?: Authorization;
  readonly clock?: VertexClock;
  readonly fetch?: typeof fetch;
  /** In [0, 1); for the jitter. */
  readonly random?: () => number;
  /** Of one try of one call, milliseconds. */
  readonly timeout?: number;
  /** Of all tries of one call, milliseconds. */
  readonly callDeadline?: number;
  /** Until an operation must have ended, milliseconds. */
  readonly operationDeadline?: number;
};

/** Models and their versions in Vertex AI's registry. Methods throw VertexError, OperationError, and RangeError for names. */
export type Vertex = {
  readonly place: Place;
  /** The version with this content: found where it is there or on its way, uploaded where it is not. */
  upload(upload: Upload): Promise<RestVersion>;
  /** The model's default version; null if there is no such model. */
  model(id: string): Promise<RestVersion | null>;
  version(id: string, version: string): Promise<RestVersion | null>;
  /** Oldest first; empty if there is no such model. */
  versions(id: string): Promise<readonly RestVersion[]>;
  /** Uploads to this model that have not ended. */
  runningUploads(id: string): Promise<readonly RestOperation[]>;
  /** Changes what is given of the model, or of one version of it. */
  patch(
    id: string,
    version: string | null,
    fields: Partial<Pick<RestVersion, "displayName" | "description" | "labels">>,
  ): Promise<RestVersion>;
  /** Gives a version aliases, which other versions lose; with `-` before it, an alias is taken away. */
  mergeAliases(id: string, version: string, aliases: readonly string[]): Promise<RestVersion>;
  /** The last version cannot be deleted but with its model, and a default one only after another is the default. */
  deleteVersion(id: string, version: string): Promise<void>;
  /** With all its versions. Deleting what is not there is no error. */
  deleteModel(id: string): Promise<void>;
};

export const regionUrl = (region: string): string => `https://${region}-aiplatform.googleapis.com`;

/** How all of Vertex AI is asked: with retries, within a deadline. */
export const requesterOf = (options: VertexOptions): Requester =>
  requester({
    baseUrl: options.baseUrl ?? regionUrl(options.region),
    authorization: options.authorization ?? googleAuthorization(),
    clock: options.clock ?? realClock,
    fetch: options.fetch ?? fetch,
    random: options.random ?? Math.random,
    timeout: options.timeout ?? 30_000,
    deadline: options.callDeadline ?? 120_000,
  });

export function createVertex(options: VertexOptions): Vertex {
  const { project, region, clock = realClock, random = Math.random } = options;
  const { operationDeadline: deadline = 900_000 } = options;
  const place = { project, region };
  const parent = parentOf(place);
  const request = requesterOf(options);
  const wait = (operation: RestOperation) => finish(request, operation, { clock, random, deadline });
  const nameOf = (id: string, version: string | null = null) =>
    version === null ? modelName(place, id) : `${modelName(place, id)}@${checkVersion(version)}`;

  const read = (path: string): Promise<RestVersion | null> =>
    orNull(async () => modelAnswer.parse(await request({ method: "GET", path })));

  async function pages<T>(
    path: string,
    query: Readonly<Record<string, string>>,
    parse: (answer: unknown) => { readonly list: readonly T[]; readonly next: string },
  ): Promise<readonly T[]> {
    const all: T[] = [];
    for (let pageToken = ""; ; ) {
      const page = parse(
        await request({ method: "GET", path, query: pageToken === "" ? query : { ...query, pageToken } }),
      );
      all.push(...page.list);
      pageToken = page.next;
      if (pageToken === "") return all;
    }
  }

  const vertex: Vertex = {
    place,
    upload: (upload) => uploadOnce({ vertex, request, parent, wait }, upload),
    model: (id) => read(nameOf(id)),
    version: (id, version) => read(nameOf(id, version)),
    async versions(id) {
      const found = await orNull(() =>
        pages(`${nameOf(id)}:listVersions`, { pageSize: "100" }, (answer) => {
          const { models = [], nextPageToken: next = "" } = versionsAnswer.parse(answer);
          return { list: models, next };
        }),
      );
      return (found ?? []).toSorted((a, b) => Number(a.version) - Number(b.version));
    },
    async runningUploads(id) {
      const found = await orNull(() =>
        pages(`${nameOf(id)}/operations`, { pageSize: "100" }, (answer) => {
          const { operations = [], nextPageToken: next = "" } = operationsAnswer.parse(answer);
          return { list: operations, next };
        }),
      );
      return (found ?? []).filter(
        ({ done, metadata }) => done !== true && String(metadata?.["@type"]).includes("UploadModel"),
      );
    },
    async patch(id, version, fields) {
      return modelAnswer.parse(
        await request({
          method: "PATCH",
          path: nameOf(id, version),
          query: { updateMask: Object.keys(fields).join(",") },
          body: fields,
        }),
      );
    },
    async mergeAliases(id, version, aliases) {
      for (const alias of aliases) checkAlias(alias.replace(/^-/, ""));
      return modelAnswer.parse(
        await request({
          method: "POST",
          path: `${nameOf(id, version)}:mergeVersionAliases`,
          body: { versionAliases: aliases },
        }),
      );
    },
    async deleteVersion(id, version) {
      const operation = await orNull(async () =>
        operationAnswer.parse(
          await request({ method: "DELETE", path: `${nameOf(id, version)}:deleteVersion` }),
        ),
      );
      if (operation !== null) await wait(operation);
    },
    async deleteModel(id) {
      const operation = await orNull(async () =>
        operationAnswer.parse(await request({ method: "DELETE", path: nameOf(id) })),
      );
      if (operation !== null) await wait(operation);
    },
  };
  return vertex;
}

/** Null for what is not there. */
export async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VertexError && error.status === 404) return null;
    throw error;
  }
}
