import { join } from "node:path";
import {
  allIndexes,
  type Bus,
  type Clock,
  createLedger,
  type Ledger,
  type Log,
  type ModelStore,
  type Secrets,
} from "@mrdata/platform";
import type { Target } from "./target.ts";

/** The adapters of one target. Each is opened when it is first asked for, so that a function pays for what it uses. */
export type Backend = {
  bus(): Promise<Bus>;
  ledger(): Promise<Ledger>;
  secrets(): Promise<Secrets>;
  models(): Promise<ModelStore>;
};

export type BackendOptions = {
  readonly target: Target;
  readonly modelBucket: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
};

// Google's clients are large: they are loaded where they are used, and where nothing local is.
const loadEmbedded = () => import("@mrdata/platform/embedded");
const loadGoogle = () => import("@mrdata/platform/google");

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
};

export function openBackend({ target, modelBucket, env, clock }: BackendOptions): Backend {
  if (target.kind === "local") {
    const { directory } = target;
    return {
      bus: once(async () =>
        (await loadEmbedded()).openEmbeddedPublisher({ file: localFiles(directory).bus, clock }),
      ),
      ledger: once(async () =>
        createLedger(
          (await loadEmbedded()).openEmbeddedStore({
            file: localFiles(directory).ledger,
            indexes: allIndexes,
          }),
        ),
      ),
      secrets: once(async () => (await loadEmbedded()).fileSecrets({ dir: directory, env })),
      models: once(async () =>
        (await loadEmbedded()).openEmbeddedModels({ dir: localFiles(directory).models }),
      ),
    };
  }
  const { project, database } = target;
  return {
    bus: once(async () => (await loadGoogle()).openGoogleBus({ project })),
    ledger: once(async () => createLedger((await loadGoogle()).openGoogleStore({ project, database }))),
    secrets: once(async () => (await loadGoogle()).mountedSecrets({ env })),
    models: once(async () => {
      if (modelBucket === null) throw new Error("no model bucket is set (MRDATA_MODEL_BUCKET)");
      return (await loadGoogle()).openGoogleModels({ bucket: modelBucket });
    }),
  };
}

/** The files of a local target. */
export const localFiles = (directory: string) => ({
  bus: join(directory, "bus.sqlite"),
  ledger: join(directory, "ledger.sqlite"),
  models: join(directory, "models"),
  running: join(directory, "serve.json"),
});
