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
  /** Null: nothing imports from it. `local`: the folder of the home. */
  readonly historyBucket?: string | null;
  /** `projects/…/locations/…/endpoints/…`; null, or left out: no endpoint serves the model. */
  readonly endpoint?: string | null;
  /** In place of Vertex AI's address. */
  readonly vertexUrl?: string | null;
  /** Ends the names of topics and subscriptions, on Google Cloud. */
  readonly suffix: string;
  /** How long what ages is kept, milliseconds, on Google Cloud; null: for ever. */
  readonly retention: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** So long what is written waits while another process locks a local file, milliseconds; a command has the time. */
  readonly lockTimeoutMs?: number;
  /** Is told of documents that cannot be read and were set aside. */
  readonly setAside: SetAside;
};

/**
 * So long a function waits for a local ledger that another process locks, milliseconds: nobody is paged later for want of it.
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

// One opener a port, and each adapter behind an import of its own: Google's clients are large, so a function's bundle
// holds those of its needs, and a process loads those that it opens.

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

/** The documents of the ledger themselves, for whoever takes all of them elsewhere. */
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

/** The history bucket, or the folder `history` of a home; null where nothing is imported from it. */
export async function openHistory({ target, historyBucket }: OpenContext): Promise<HistoryFiles | null> {
  if (historyBucket === undefined || historyBucket === null) return null;
  if (target.kind === "local")
    return (await import("@mrdata/platform/embedded")).openEmbeddedHistory({
      dir: localFiles(target.directory).history,
    });
  return (await import("@mrdata/platform/google/history-files")).openGoogleHistory({ bucket: historyBucket });
}

/** The endpoint that serves the model; null where none does. One whose name cannot be read is away. */
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
    // Nobody is paged later for want of a second opinion: it is told with each incident instead.
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
