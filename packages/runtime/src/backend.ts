import type { Bus, HistoryFiles, Ledger, ModelStore, ResultStore, Secrets } from "@mrdata/platform";
import type { Endpoint } from "@mrdata/vertex/endpoint";
import {
  type OpenContext,
  openBus,
  openEndpoint,
  openHistory,
  openLedger,
  openModels,
  openResults,
  openSecrets,
} from "./openers.ts";

/** The adapters of one target. Each is opened on first use. */
export type Backend = {
  bus(): Promise<Bus>;
  ledger(): Promise<Ledger>;
  secrets(): Promise<Secrets>;
  models(): Promise<ModelStore>;
  results(): Promise<ResultStore>;
  /** The history bucket; null if setting `historyImport` is off. */
  history(): Promise<HistoryFiles | null>;
  /** The endpoint that serves the model; null if setting `hosting` is not endpoint. */
  endpoint(): Promise<Endpoint | null>;
};

/** The adapters that a function has openers for. */
export type SomeBackend = Partial<Backend>;

/** Opens once and caches the result; a failure is retried on the next use. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

export const openBackend = (context: OpenContext): Backend => ({
  bus: once(() => openBus(context)),
  ledger: once(() => openLedger(context)),
  secrets: once(() => openSecrets(context)),
  models: once(() => openModels(context)),
  results: once(() => openResults(context)),
  history: once(() => openHistory(context)),
  endpoint: once(() => openEndpoint(context)),
});
