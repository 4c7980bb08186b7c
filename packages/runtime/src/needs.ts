import type {
  Bus,
  GrantedLedger,
  HistoryFiles,
  Ledger,
  LedgerGrants,
  Log,
  ModelStore,
  ResultStore,
  Secrets,
} from "@mrdata/platform";
import type { Endpoint } from "@mrdata/vertex/endpoint";
import type { SomeBackend } from "./backend.ts";
import { grantLedger } from "./grant-ledger.ts";
import type { Manifest } from "./manifest.ts";

/** A function used a port that its manifest does not name. */
export class NeedMissingError extends Error {
  constructor(name: string, need: string) {
    super(`function ${name} asked for '${need}', which is not among the needs of its manifest`);
    this.name = "NeedMissingError";
  }
}

/** The ports of a function with this manifest; its ledger has the calls that are granted and no others. */
export type Ports<M extends Manifest> = {
  readonly bus: Bus;
  readonly ledger: GrantedLedger<GrantsOf<M["needs"][number]>>;
  readonly secrets: Secrets;
  readonly models: ModelStore;
  /** The results of a training's tasks; with `model: write`. */
  readonly results: ResultStore;
  /** Null if importing is off. */
  readonly history: HistoryFiles | null;
  /** Null if no endpoint serves the model. */
  readonly endpoint: Endpoint | null;
};

/** The ledger of a function with this manifest. */
export type LedgerOf<M extends Manifest> = Ports<M>["ledger"];

type GrantsOf<N> = N extends { readonly ledger: infer G extends LedgerGrants } ? G : never;

/** The same, from the granting side. */
type GivenPorts = Omit<Ports<Manifest>, "ledger"> & {
  readonly ledger: Partial<Ledger> & Pick<Ledger, "close">;
};

/**
 * The ports of a function: those that its manifest names work, any other throws NeedMissingError. That is also
 * logged, because a function may treat it as a transient failure.
 */
export function portsFor<const M extends Manifest>(
  manifest: M,
  backend: SomeBackend,
  log?: Log,
): Promise<Ports<M>>;
export async function portsFor(
  { name, needs }: Manifest,
  backend: SomeBackend,
  log: Log = () => {},
): Promise<GivenPorts> {
  const has = (wanted: (need: Manifest["needs"][number]) => boolean) => needs.some(wanted);
  const refuse = (need: string): never => {
    log({ severity: "CRITICAL", event: "need.missing", function: name, need });
    throw new NeedMissingError(name, need);
  };
  const open = async <T>(
    need: string,
    needed: boolean,
    opener: (() => Promise<T>) | undefined,
  ): Promise<T | null> => {
    if (!needed) return null;
    if (opener === undefined)
      throw new Error(`function ${name} was bundled without what opens '${need}': see src/${name}/entry.ts`);
    return opener();
  };
  const bus = await open(
    "publish",
    has((need) => "publish" in need),
    backend.bus,
  );
  const secrets = await open(
    "secret",
    has((need) => "secret" in need),
    backend.secrets,
  );
  const models = await open(
    "model",
    has((need) => "model" in need),
    backend.models,
  );
  const publishes = has((need) => "model" in need && need.model === "write");
  const results = await open("model: write", publishes, backend.results);
  const history = await open(
    "history",
    has((need) => "history" in need),
    backend.history,
  );
  const reads = has((need) => "history" in need);
  const granted = needs.find((need) => "ledger" in need)?.ledger ?? {};
  const predicts = has((need) => "endpoint" in need);
  const endpoint = await open("endpoint", predicts, backend.endpoint);
  const ledger = await open(
    "ledger",
    has((need) => "ledger" in need),
    backend.ledger,
  );
  return {
    bus: {
      publish(topic, message) {
        if (bus === null || !has((need) => "publish" in need && need.publish === topic))
          return refuse(`publish: ${topic}`);
        return bus.publish(topic, message);
      },
    },
    secrets: {
      get(secret) {
        if (secrets === null || !has((need) => "secret" in need && need.secret === secret))
          return refuse(`secret: ${secret}`);
        return secrets.get(secret);
      },
    },
    results: {
      read: async (name) => (results ?? refuse("model: write")).read(name),
      write: async (name, bytes) => (results ?? refuse("model: write")).write(name, bytes),
    },
    models: {
      versions: async () => (models ?? refuse("model: read")).versions(),
      read: async (version, file) => (models ?? refuse("model: read")).read(version, file),
      publish: async (version, files) =>
        (models !== null && publishes ? models : refuse("model: write")).publish(version, files),
      remove: async (version) =>
        (models !== null && publishes ? models : refuse("model: write")).remove?.(version),
    },
    history: reads
      ? history
      : {
          list: async () => refuse("history: read"),
          read: async () => refuse("history: read"),
        },
    endpoint: predicts ? endpoint : { ask: async () => refuse("endpoint: predict") },
    ledger: grantLedger(ledger, granted, refuse),
  };
}
