import { mkdirSync } from "node:fs";
import type { Send } from "@mrdata/pagerduty";
import {
  allIndexes,
  type Clock,
  createLedger,
  type Ledger,
  type Log,
  type Subscription,
} from "@mrdata/platform";
import {
  type EmbeddedBus,
  ensureWebhookSecret,
  fileSecrets,
  openEmbeddedBus,
  openEmbeddedModels,
  openEmbeddedStore,
} from "@mrdata/platform/embedded";
import { answer, type Handler, requestOf } from "../answer.ts";
import { logUnreadable } from "../log-unreadable.ts";
import { DEAD_TOPIC, LEDGER_SUBSCRIPTION, MODEL_SUBSCRIPTION, TOPIC } from "../names.ts";
import { buildReceive } from "./build-receive.ts";
import { buildRecord } from "./build-record.ts";
import { buildRespond } from "./build-respond.ts";
import { buildSweep } from "./build-sweep.ts";
import { variablesOf } from "./deployment.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import { everyMinute } from "./every-minute.ts";
import { type Listening, listen } from "./node-http.ts";
import { localFiles } from "./openers.ts";

/** The whole of Mr Data on one machine: the functions over HTTP on loopback, the bus and the ledger in one folder. */
export type LocalStack = {
  readonly webhookUrl: string;
  readonly secret: string;
  readonly home: string;
  readonly url: string;
  readonly bus: EmbeddedBus;
  readonly ledger: Ledger;
  readonly environment: Environment;
  /** Drains what is under way and closes everything. */
  close(): Promise<void>;
};

export type LocalStackOptions = {
  readonly home: string;
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In place of the network, where PagerDuty is simulated in the same process. */
  readonly fetch?: Send;
  /** Whether the sweep comes every minute, and whether it runs the checks; both if left out. */
  readonly sweeps?: boolean;
  readonly checks?: boolean;
};

/** How the two subscriptions push: as the deployment's (`infra/components/push-subscription.ts`), but nobody on a laptop waits ten minutes. */
export const subscriptionsOf = (url: string): readonly Subscription[] => {
  const common = {
    topic: TOPIC,
    ackDeadline: 60_000,
    retry: { minimum: 1_000, maximum: 60_000 },
    maxDeliveryAttempts: 10,
    deadLetterTopic: DEAD_TOPIC,
  };
  return [
    { ...common, name: MODEL_SUBSCRIPTION, pushEndpoint: `${url}/respond` },
    { ...common, name: LEDGER_SUBSCRIPTION, pushEndpoint: `${url}/record` },
  ];
};

const unavailable: Handler = async () => answer(503, { error: "starting or stopping: send again" });

export async function startLocalStack({
  home,
  port,
  clock,
  log,
  env,
  fetch,
  sweeps = true,
  checks = true,
}: LocalStackOptions): Promise<LocalStack> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const environment = readEnvironment({ ...env, MRDATA_TARGET: `local:${home}` });
  const files = localFiles(home);
  ensureWebhookSecret(home, env.MRDATA_WEBHOOK_SECRET);
  const secrets = fileSecrets({ dir: home, env });
  const ledger = createLedger(openEmbeddedStore({ file: files.ledger, indexes: allIndexes }), {
    setAside: logUnreadable(log),
  });

  const late: { handlers: Record<string, Handler> } = { handlers: {} };
  const forward =
    (name: string): Handler =>
    async (request) =>
      (late.handlers[name] ?? unavailable)(request);
  const server: Listening = await listen(
    { receive: forward("receive"), respond: forward("respond"), record: forward("record") },
    port,
  );
  const bus = openEmbeddedBus({ file: files.bus, clock, log, subscriptions: subscriptionsOf(server.url) });
  const models = openEmbeddedModels({ dir: files.models });
  const backend = {
    bus: async () => bus,
    ledger: async () => ledger,
    secrets: async () => secrets,
    models: async () => models,
  };
  const context = { environment, backend, clock, log, checks, ...(fetch === undefined ? {} : { fetch }) };
  late.handlers = {
    receive: await buildReceive(context),
    respond: await buildRespond(context),
    record: await buildRecord(context),
  };
  bus.start();
  const sweep = await buildSweep(context);
  // The first sweep notes it too, up to a minute later: commands in another shell need not wait for that.
  if (sweeps) await ledger.noteDeployment({ at: clock.now(), environment: variablesOf(environment) });
  const scheduler = sweeps
    ? everyMinute(clock, async () => {
        await sweep(requestOf("POST", "http://function/", {}, new Uint8Array()));
      })
    : null;

  return {
    webhookUrl: `${server.url}/receive`,
    secret: ((await secrets.get("webhook-secret")) ?? "").split("\n")[0]?.trim() ?? "",
    home,
    url: server.url,
    bus,
    ledger,
    environment,
    async close() {
      // The doors first: what comes now is refused with 503 and sent again. Then what was accepted ends in peace.
      late.handlers = { ...late.handlers, receive: unavailable };
      await scheduler?.stop();
      await bus.close();
      await server.close();
      await ledger.close();
    },
  };
}
