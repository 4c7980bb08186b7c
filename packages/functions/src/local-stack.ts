import { mkdirSync } from "node:fs";
import type { Send } from "@mrdata/pagerduty";
import {
  allIndexes,
  type Clock,
  createLedger,
  type Ledger,
  type Log,
  type LogEventName,
  type Subscription,
  signingSecretOf,
} from "@mrdata/platform";
import {
  assertUsableSecrets,
  type EmbeddedBus,
  ensureWebhookSecret,
  fileSecrets,
  openEmbeddedBus,
  openEmbeddedHistory,
  openEmbeddedModels,
  openEmbeddedResults,
  openEmbeddedStore,
} from "@mrdata/platform/embedded";
import {
  answer,
  busDoor,
  type Environment,
  everyMinute,
  FUNCTION_LOCK_TIMEOUT_MS,
  type Handler,
  historyBucketOf,
  listen,
  localFiles,
  logUnreadable,
  MAX_BODY,
  newBusSecret,
  openDoor,
  openEndpoint,
  pageDoor,
  type Refusal,
  readEnvironment,
  requestOf,
  variablesOf,
} from "@mrdata/runtime";
import { openTaskThreads } from "@mrdata/training/threads";
import { buildLearn } from "./learn/build-learn.ts";
import { taskFilesOf } from "./learn/task-files.ts";
import {
  DEAD_TOPIC,
  LEARN_SUBSCRIPTION,
  LEARN_TOPIC,
  LEDGER_SUBSCRIPTION,
  MODEL_SUBSCRIPTION,
  TOPIC,
} from "./names.ts";
import { localDelivery } from "./push/delivery.ts";
import { buildReceive } from "./receive/build-receive.ts";
import { buildRecord } from "./record/build-record.ts";
import { buildReport } from "./report/build-report.ts";
import { buildRespond } from "./respond/build-respond.ts";
import { buildRetrain } from "./retrain/build-retrain.ts";
import { dueRetrain } from "./retrain/due-retrain.ts";
import { buildSweep } from "./sweep/build-sweep.ts";

/** The whole of Mr Data on one machine: the functions over HTTP on loopback, the bus and the ledger in one folder. */
export type LocalStack = {
  readonly webhookUrl: string;
  readonly secret: string;
  readonly home: string;
  /** The webhook's listener, the only one that may be exposed. */
  readonly url: string;
  /** The listener that only the bus may push to. */
  readonly pushUrl: string;
  /** Where people read the report: a separate listener, for this machine alone. */
  readonly reportUrl: string;
  readonly bus: EmbeddedBus;
  readonly ledger: Ledger;
  readonly environment: Environment;
  /** Drains what is under way and closes everything. */
  close(): Promise<void>;
};

export type LocalStackOptions = {
  readonly home: string;
  readonly port: number;
  /** The report's port, never the webhook's; 0 or omitted: a free one. */
  readonly reportPort?: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Replaces the network where PagerDuty is simulated in the same process. */
  readonly fetch?: Send;
  /**
   * Whether the sweep runs every minute, and whether it runs the checks, without which nothing is held for long; both
   * if omitted.
   */
  readonly sweeps?: boolean;
  readonly checks?: boolean;
  /** Whether it looks for drift and starts trainings where configured; as `sweeps` if omitted. */
  readonly learns?: boolean;
  /** How often a message is tried before it is dead-lettered; the local default if omitted. */
  readonly maxDeliveryAttempts?: number;
};

/** How the two incident subscriptions push; the deployment's are in `infra/components/push-subscription.ts`. */
export const subscriptionsOf = (
  url: string,
  maxDeliveryAttempts: number = localDelivery.maxDeliveryAttempts,
): readonly Subscription[] => {
  const common = { ...localDelivery, maxDeliveryAttempts, topic: TOPIC, deadLetterTopic: DEAD_TOPIC };
  return [
    { ...common, name: MODEL_SUBSCRIPTION, pushEndpoint: `${url}/respond` },
    { ...common, name: LEDGER_SUBSCRIPTION, pushEndpoint: `${url}/record` },
  ];
};

/** Tasks wait for a thread and take minutes. */
export const learnSubscriptionOf = (url: string): Subscription => ({
  name: LEARN_SUBSCRIPTION,
  topic: LEARN_TOPIC,
  pushEndpoint: `${url}/learn`,
  ackDeadline: 600_000,
  retry: { minimum: 1_000, maximum: 60_000 },
  // A process killed during a task counts as a delivery too; the job counts how often a task was begun.
  maxDeliveryAttempts: 100,
  deadLetterTopic: DEAD_TOPIC,
});

/** A process that serves pages reserves its cores for that: one task at a time. */
const LEARNING_THREADS = 1;

const unavailable: Handler = async () => answer(503, { error: "starting or stopping: send again" });

export async function startLocalStack({
  home,
  port,
  reportPort = 0,
  maxDeliveryAttempts,
  clock,
  log,
  env,
  fetch,
  sweeps = true,
  checks = true,
  learns = sweeps,
}: LocalStackOptions): Promise<LocalStack> {
  const environment = readEnvironment({ ...env, MRDATA_TARGET: `local:${home}` });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const files = localFiles(home);
  assertUsableSecrets(home, env);
  ensureWebhookSecret(home, env.MRDATA_WEBHOOK_SECRET);
  const secrets = fileSecrets({ dir: home, env });
  const late: { handlers: Record<string, Handler> } = { handlers: {} };
  const forward =
    (name: string): Handler =>
    async (request) =>
      (late.handlers[name] ?? unavailable)(request);
  const refused =
    (event: LogEventName) =>
    ({ status, reason }: Refusal, path: string): void =>
      log({ severity: "WARNING", event, status, reason, path });

  /** What was opened so far: if the rest fails, no listener may keep the process alive. */
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.unshift(one);
    return one;
  };
  try {
    const ledger = keep(
      createLedger(
        openEmbeddedStore({
          file: files.ledger,
          indexes: allIndexes,
          lockTimeoutMs: FUNCTION_LOCK_TIMEOUT_MS,
        }),
        { setAside: logUnreadable(log) },
      ),
    );
    const server = keep(
      await listen({ receive: forward("receive") }, port, {
        door: openDoor,
        mostBytes: MAX_BODY,
        refused: refused("webhook.refused"),
      }),
    );
    // Anything on this machine can reach a loopback port, a page in a browser too: the deciding and recording functions
    // accept only what this run's bus delivers.
    const bearer = newBusSecret();
    const inner = keep(
      await listen({ respond: forward("respond"), record: forward("record"), learn: forward("learn") }, 0, {
        door: busDoor(bearer),
        refused: refused("push.refused"),
      }),
    );
    const pages = keep(
      await listen({ report: forward("report") }, reportPort, {
        door: pageDoor,
        mostBytes: 0,
        refused: refused("request.refused"),
      }),
    );
    const bus = keep(
      openEmbeddedBus({
        file: files.bus,
        clock,
        log,
        bearer,
        subscriptions: [...subscriptionsOf(inner.url, maxDeliveryAttempts), learnSubscriptionOf(inner.url)],
      }),
    );
    const models = openEmbeddedModels({ dir: files.models });
    const backend = {
      bus: async () => bus,
      ledger: async () => ledger,
      secrets: async () => secrets,
      models: async () => models,
      results: async () => openEmbeddedResults({ dir: files.results }),
      endpoint: () =>
        openEndpoint({
          endpoint: environment.MRDATA_ENDPOINT,
          vertexUrl: environment.MRDATA_VERTEX_URL,
          env,
        }),
      history: async () =>
        historyBucketOf(environment) === null ? null : openEmbeddedHistory({ dir: files.history }),
    };
    // Started with the first task: a bot that trains nothing has no threads.
    const threads = keep(openTaskThreads(LEARNING_THREADS, taskFilesOf(files, environment)));
    const context = { environment, backend, clock, log, checks, ...(fetch === undefined ? {} : { fetch }) };
    late.handlers = {
      receive: await buildReceive(context),
      respond: await buildRespond(context),
      record: await buildRecord(context),
      report: await buildReport(context, { base: "/report", refreshes: true }),
      learn: await buildLearn(context, { run: threads.run, concurrency: LEARNING_THREADS }),
    };
    const retrain = dueRetrain(await buildRetrain(context), {
      ledger,
      clock,
      every: environment.MRDATA_RETRAIN,
    });
    bus.start();
    const sweep = await buildSweep(context);
    // The first sweep notes it too, up to a minute later; commands in another shell need not wait for that.
    if (sweeps) await ledger.noteDeployment({ at: clock.now(), environment: variablesOf(environment) });
    const scheduler = sweeps
      ? everyMinute(clock, async () => {
          await sweep(requestOf("POST", "http://function/", {}, new Uint8Array()));
        })
      : null;
    // Separate from the sweep: a page must not wait while half a year of history is read.
    const learning = learns ? everyMinute(clock, retrain) : null;
    return {
      webhookUrl: `${server.url}/receive`,
      secret: (await signingSecretOf(secrets)) ?? "",
      home,
      url: server.url,
      pushUrl: inner.url,
      reportUrl: `${pages.url}/report`,
      bus,
      ledger,
      environment,
      async close() {
        // Stop accepting webhooks first (they get 503 and are resent), then drain what was accepted.
        late.handlers = { ...late.handlers, receive: unavailable };
        await Promise.all([scheduler?.stop(), learning?.stop()]);
        // Tasks under way are redelivered.
        await threads.close();
        await bus.close();
        await Promise.all([server.close(), inner.close(), pages.close()]);
        await ledger.close();
      },
    };
  } catch (error) {
    for (const one of opened) await one.close();
    throw error;
  }
}
