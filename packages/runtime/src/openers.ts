import { join } from "node:path";
import {
  allIndexes,
  type Bus,
  type Clock,
  createLedger,
  type DocumentStore,
  type HistoryFiles,
  type Ledger,
  type ModelStore,
  type ResultStore,
  type Secrets,
  type SetAside,
} from "@mrdata/platform";
import type { Endpoint } from "@mrdata/vertex/endpoint";
import type { Target } from "./target.ts";

export type OpenContext = {
  readonly target: Target;
  readonly modelBucket: string | null;
  /** Null: importing is off. `local`: the folder of the home. */
  readonly historyBucket?: string | null;
  /** `projects/…/locations/…/endpoints/…`; null or absent: no endpoint serves the model. */
  readonly endpoint?: string | null;
  /** Overrides Vertex AI's address. */
  readonly vertexUrl?: string | null;
  /** Suffix of the names of topics and subscriptions on Google Cloud. */
  readonly suffix: string;
  /** How long documents of ageing collections are kept on Google Cloud, milliseconds; null means for ever. */
  readonly retention: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** How long a read or write waits while another process locks a local file; commands use the longer default. */
  readonly lockTimeoutMs?: number;
  /** Called with documents that cannot be read and were skipped. */
  readonly setAside: SetAside;
};

/**
 * How long a function waits for a local ledger that another process locks, milliseconds: no page waits longer for it.
 */
export const FUNCTION_LOCK_TIMEOUT_MS = 2_000;

/** The files of a local target. */
export const localFiles = (directory: string) => ({
  bus: join(directory, "bus.sqlite"),
  history: join(directory, "history"),
  ledger: join(directory, "ledger.sqlite"),
  models: join(directory, "models"),
  results: join(directory, "training"),
  running: join(directory, "serve.json"),
});

// One opener per port, each with a dynamic import of its adapter: Google's clients are large, so a function's bundle
// contains only those that it needs, and a process loads only those that it opens.

export async function openBus({ target, suffix, clock }: OpenContext): Promise<Bus> {
  if (target.kind === "gcp")
    return (await import("@mrdata/platform/google/bus")).openGoogleBus({
      project: target.project,
      suffix,
    });
  return (await import("@mrdata/platform/embedded")).openEmbeddedPublisher({
    file: localFiles(target.directory).bus,
    clock,
  });
}

export async function openLedger(context: OpenContext): Promise<Ledger> {
  const { target, setAside } = context;
  const home = target.kind === "gcp" ? `gcp:${target.project}/${target.database}` : null;
  return createLedger(await openStore(context), { setAside, home });
}

/** The ledger's document store, for exports and restores. */
export async function openStore({ target, retention, lockTimeoutMs }: OpenContext): Promise<DocumentStore> {
  if (target.kind === "gcp") {
    const { project, database } = target;
    return (await import("@mrdata/platform/google/document-store")).openGoogleStore({
      project,
      database,
      ...(retention === null ? {} : { retention }),
    });
  }
  const { openEmbeddedStore } = await import("@mrdata/platform/embedded");
  return openEmbeddedStore({
    file: localFiles(target.directory).ledger,
    indexes: allIndexes,
    ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
  });
}

export async function openSecrets({ target, env }: OpenContext): Promise<Secrets> {
  if (target.kind === "gcp") return (await import("@mrdata/platform/google/secrets")).mountedSecrets({ env });
  return (await import("@mrdata/platform/embedded")).fileSecrets({ dir: target.directory, env });
}

export async function openModels({ target, modelBucket }: OpenContext): Promise<ModelStore> {
  if (target.kind === "local")
    return (await import("@mrdata/platform/embedded")).openEmbeddedModels({
      dir: localFiles(target.directory).models,
    });
  if (modelBucket === null) return noModels;
  return (await import("@mrdata/platform/google/model-store")).openGoogleModels({ bucket: modelBucket });
}

export async function openResults({ target, modelBucket }: OpenContext): Promise<ResultStore> {
  if (target.kind === "local")
    return (await import("@mrdata/platform/embedded")).openEmbeddedResults({
      dir: localFiles(target.directory).results,
    });
  if (modelBucket === null) throw new Error("no model bucket is set (MRDATA_MODEL_BUCKET)");
  return (await import("@mrdata/platform/google/result-store")).openGoogleResults({ bucket: modelBucket });
}

/** The history bucket, or the folder `history` of a home; null if importing is off. */
export async function openHistory({ target, historyBucket }: OpenContext): Promise<HistoryFiles | null> {
  if (historyBucket === undefined || historyBucket === null) return null;
  if (target.kind === "local")
    return (await import("@mrdata/platform/embedded")).openEmbeddedHistory({
      dir: localFiles(target.directory).history,
    });
  return (await import("@mrdata/platform/google/history-files")).openGoogleHistory({ bucket: historyBucket });
}

/** The endpoint that serves the model; null if there is none. An endpoint with an invalid name always answers `away`. */
export async function openEndpoint({
  endpoint,
  vertexUrl,
  env,
}: Pick<OpenContext, "endpoint" | "vertexUrl" | "env">): Promise<Endpoint | null> {
  if (endpoint === undefined || endpoint === null) return null;
  const [{ createEndpoint }, { googleAuthorization }] = await Promise.all([
    import("@mrdata/vertex/endpoint"),
    import("@mrdata/vertex/authorization"),
  ]);
  try {
    return createEndpoint({
      name: endpoint,
      baseUrl: vertexUrl ?? null,
      authorization: googleAuthorization(env),
    });
  } catch (error) {
    // A missing second opinion must not delay a page: it is recorded with each incident instead.
    const reason = error instanceof Error ? error.message : "its name cannot be read";
    return { ask: async () => ({ kind: "away", reason }) };
  }
}

/** Before any model was trained there is no bucket to read one from. */
const noModels: ModelStore = {
  versions: async () => [],
  read: async () => null,
  publish: async () => {
    throw new Error("no model bucket is set (MRDATA_MODEL_BUCKET)");
  },
};
