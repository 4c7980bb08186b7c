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
  /** Overrides the regional address: private endpoints, tests. */
  readonly baseUrl?: string;
  readonly authorization?: Authorization;
  readonly clock?: VertexClock;
  readonly fetch?: typeof fetch;
  /** In [0, 1); for the jitter. */
  readonly random?: () => number;
  /** Timeout of one try of one call, milliseconds. */
  readonly timeout?: number;
  /** Deadline of all tries of one call, milliseconds. */
  readonly callDeadline?: number;
  /** Deadline of an operation, milliseconds. */
  readonly operationDeadline?: number;
};

/** Models and their versions in Vertex AI's registry. Methods throw VertexError, OperationError, and RangeError for names. */
export type Vertex = {
  readonly place: Place;
  /** The version with this content: the existing one, or one whose upload is in progress, or else a new upload. */
  upload(upload: Upload): Promise<RestVersion>;
  /** The model's default version; null if there is no such model. */
  model(id: string): Promise<RestVersion | null>;
  version(id: string, version: string): Promise<RestVersion | null>;
  /** Oldest first; empty if there is no such model. */
  versions(id: string): Promise<readonly RestVersion[]>;
  /** Uploads to this model that have not ended. */
  runningUploads(id: string): Promise<readonly RestOperation[]>;
  /** Changes the given fields of the model, or of one of its versions. */
  patch(
    id: string,
    version: string | null,
    fields: Partial<Pick<RestVersion, "displayName" | "description" | "labels">>,
  ): Promise<RestVersion>;
  /** Gives a version aliases, which other versions lose; an alias prefixed with `-` is removed. */
  mergeAliases(id: string, version: string, aliases: readonly string[]): Promise<RestVersion>;
  /** The last version can only be deleted with its model, and a default version only after another has become the default. */
  deleteVersion(id: string, version: string): Promise<void>;
  /** Deletes the model with all its versions. A missing model is not an error. */
  deleteModel(id: string): Promise<void>;
};

export const regionUrl = (region: string): string => `https://${region}-aiplatform.googleapis.com`;

/** Sends requests to Vertex AI with retries and a deadline. */
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

/** Null if it does not exist. */
export async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VertexError && error.status === 404) return null;
    throw error;
  }
}
