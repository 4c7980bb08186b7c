import type { Bus, HistoryFiles, Ledger, Log, ModelStore, ResultStore, Secrets } from "@mrdata/platform";
import type { Endpoint } from "@mrdata/vertex/endpoint";
import type { SomeBackend } from "./backend.ts";
import type { Manifest } from "./manifest.ts";

/** Something was asked for that the manifest does not name. */
export class NeedMissingError extends Error {
  constructor(name: string, need: string) {
    super(`function ${name} asked for '${need}', which is not among the needs of its manifest`);
    this.name = "NeedMissingError";
  }
}

export type Ports = {
  readonly bus: Bus;
  readonly ledger: Ledger;
  readonly secrets: Secrets;
  readonly models: ModelStore;
  /** What the tasks of a training leave; with `model: write`. */
  readonly results: ResultStore;
  /** Null where nothing is imported from it. */
  readonly history: HistoryFiles | null;
  /** Null where no endpoint serves the model. */
  readonly endpoint: Endpoint | null;
};

/**
 * The ports of a function: for the needs of its manifest they work, for anything else they throw NeedMissingError. It is
 * logged too, for a function may take it for a failure that passes.
 */
export async function portsFor(
  { name, needs }: Manifest,
  backend: SomeBackend,
  log: Log = () => {},
): Promise<Ports> {
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
  const predicts = has((need) => "endpoint" in need);
  const endpoint = await open("endpoint", predicts, backend.endpoint);
  const writes = has((need) => "ledger" in need && need.ledger === "write");
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
    ledger: restrictLedger(ledger, writes, refuse),
  };
}

function restrictLedger(ledger: Ledger | null, writes: boolean, refuse: (need: string) => never): Ledger {
  const reader = (): Ledger => ledger ?? refuse("ledger: read");
  const writer = (): Ledger => (writes ? reader() : refuse("ledger: write"));
  return {
    recordEvent: async (event, rules) => writer().recordEvent(event, rules),
    recordPast: async (pasts, rules) => writer().recordPast(pasts, rules),
    incident: async (id) => reader().incident(id),
    trackRecords: async (subjects, window) => reader().trackRecords(subjects, window),
    recordsBeside: async (event, of) => reader().recordsBeside(event, of),
    organisationCounts: async (at) => reader().organisationCounts(at),
    incidentsOfAlertType: async (alertType, options) => reader().incidentsOfAlertType(alertType, options),
    prediction: async (incident) => reader().prediction(incident),
    predictions: async (options) => reader().predictions(options),
    createPrediction: async (prediction) => writer().createPrediction(prediction),
    noteAction: async (incident, taken) => writer().noteAction(incident, taken),
    claimNote: async (incident, at) => writer().claimNote(incident, at),
    holdsSince: async (at) => reader().holdsSince(at),
    unsettledHolds: async () => reader().unsettledHolds(),
    endHold: async (incident, ended) => writer().endHold(incident, ended),
    settleHold: async (incident, missedAt) => writer().settleHold(incident, missedAt),
    reopenHold: async (incident) => writer().reopenHold(incident),
    missCounts: async (of) => reader().missCounts(of),
    missTrail: async (of) => reader().missTrail(of),
    openedWithin: async (at, age) => reader().openedWithin(at, age),
    alertTypeFeedback: async (alertType) => reader().alertTypeFeedback(alertType),
    keptFeedback: async () => reader().keptFeedback(),
    noteFeedback: async (alertType, hold) => writer().noteFeedback(alertType, hold),
    lastChecks: async () => reader().lastChecks(),
    noteLastChecks: async (last) => writer().noteLastChecks(last),
    alias: async (name) => reader().alias(name),
    promote: async (version) => writer().promote(version),
    demote: async () => writer().demote(),
    setAlias: async (name, version) => writer().setAlias(name, version),
    pastIncidents: (options) => reader().pastIncidents(options),
    settings: async () => reader().settings(),
    saveSettings: async (settings) => writer().saveSettings(settings),
    changeSettings: async (change) => writer().changeSettings(change),
    noteFailure: async (messageId, failure) => writer().noteFailure(messageId, failure),
    failure: async (messageId) => reader().failure(messageId),
    noteSeen: async (sign, at) => writer().noteSeen(sign, at),
    lastSeen: async (sign) => reader().lastSeen(sign),
    noteDeployment: async (deployment) => writer().noteDeployment(deployment),
    deployment: async () => reader().deployment(),
    noteChallenge: async (challenge) => writer().noteChallenge(challenge),
    challenges: async (options) => reader().challenges(options),
    training: {
      startJob: async (job, at) => writer().training.startJob(job, at),
      job: async (id) => reader().training.job(id),
      jobs: async (options) => reader().training.jobs(options),
      endJob: async (id, end, at) => writer().training.endJob(id, end, at),
      tasksOf: async (job) => reader().training.tasksOf(job),
      openTask: async (job, name, at) => writer().training.openTask(job, name, at),
      beginTask: async (job, name, at) => writer().training.beginTask(job, name, at),
      endTask: async (job, name, outcome, at) => writer().training.endTask(job, name, outcome, at),
      noteProblem: async (job, name, problem) => writer().training.noteProblem(job, name, problem),
      state: async () => reader().training.state(),
      changeState: async (change) => writer().training.changeState(change),
    },
    close: async () => ledger?.close(),
  };
}
