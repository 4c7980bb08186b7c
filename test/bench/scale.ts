import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  DEAD_TOPIC,
  LEDGER_SUBSCRIPTION,
  MODEL_SUBSCRIPTION,
  subscriptionsOf,
  TOPIC,
} from "@mrdata/functions";
import { bundleFunctions } from "@mrdata/functions/bundle";
import { signBody } from "@mrdata/pagerduty";
import { openGoogleStore } from "@mrdata/platform/google";
import { emulators } from "../emulators/emulators.ts";
import { pubsubAdmin } from "../emulators/pubsub-admin.ts";
import { type FunctionProcess, startFunction } from "../support/function-process.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";
import { aside, atMost, type Figure, quantile } from "./figure.ts";

const SECRET = "signing-secret-of-the-hour";
const EMPTY = "scale-empty";
/** Incidents before those that are measured. */
const WARM = 12;
const EVENTS = ["triggered", "acknowledged", "resolved"] as const;
/** As the manifests have it at most: `receive` 10, `respond` 10, `record` 2. */
const INSTANCES = { receive: 1, respond: 3, record: 2 } as const;

export type ScaleOptions = {
  readonly incidents: number;
  /** Incidents an hour: how fast they come. */
  readonly perHour: number;
  /** Emulators that start with half the work, for a short run. */
  readonly brief?: boolean;
};

export type ScaleResult = {
  /** From the webhook's sending to the end of the push that decided, milliseconds. */
  readonly decidedMs: readonly number[];
  /** The same to a handler that does nothing, by another subscription of the same topic. */
  readonly emptyMs: readonly number[];
  /** Events that had not come to their end in each, when each webhook was sent: the queues. */
  readonly waiting: { readonly respond: readonly number[]; readonly record: readonly number[] };
  readonly refused: number;
  /** Events that one of the two functions had not come to the end of, two minutes after the last was sent. */
  readonly unfinished: number;
  readonly stored: { readonly predictions: number; readonly incidents: number };
};

/**
 * So many incidents of three events each, at an even rate, through the deployed bundles as several processes on Google's
 * emulators. Null where there are none.
 */
export async function runScale({
  incidents,
  perHour,
  brief = false,
}: ScaleOptions): Promise<ScaleResult | null> {
  const hosts = await emulators({ brief });
  if (!hosts.available) {
    process.stderr.write(`  skipped: ${hosts.reason}\n  provide it with: ${hosts.command}\n`);
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), "mrdata-scale-"));
  const closing: (() => Promise<unknown>)[] = [async () => hosts.stop()];
  const { pubsubHost, firestoreHost } = hosts;
  const project = `scale-${Date.now()}`;
  try {
    await bundleFunctions(folder, Object.keys(INSTANCES));
    const admin = pubsubAdmin(pubsubHost, project);
    for (const topic of [TOPIC, DEAD_TOPIC]) await admin.topic(topic);
    const env = {
      PUBSUB_EMULATOR_HOST: pubsubHost,
      FIRESTORE_EMULATOR_HOST: firestoreHost,
      MRDATA_TARGET: `gcp:${project}/(default)`,
      MRDATA_WEBHOOK_SECRET: SECRET,
    };
    const start = async (name: keyof typeof INSTANCES): Promise<readonly FunctionProcess[]> => {
      const started = Array.from({ length: INSTANCES[name] }, () =>
        startFunction(join(folder, name), name, env),
      );
      const running = await Promise.all(started);
      closing.unshift(() => Promise.all(running.map((one) => one.stop())));
      return running;
    };
    const [[receive], respond, record] = [
      await start("receive"),
      await start("respond"),
      await start("record"),
    ];
    if (receive === undefined) throw new Error("receive did not start");

    const sentAt = new Map<string, number>();
    const decidedMs: number[] = [];
    const emptyMs: number[] = [];
    // By event: what was delivered again has ended once.
    const ended = { respond: new Set<string>(), record: new Set<string>() };
    const since = (event: string): number => performance.now() - (sentAt.get(event) ?? Number.NaN);
    const isOpening = (event: string): boolean => event.endsWith("-triggered") && sentAt.has(event);
    const decides = await balance(respond, (event) => {
      if (isOpening(event) && !ended.respond.has(event)) decidedMs.push(since(event));
      ended.respond.add(event);
    });
    const records = await balance(record, (event) => {
      ended.record.add(event);
    });
    const empty = await balance([], (event) => {
      if (isOpening(event)) emptyMs.push(since(event));
    });
    closing.unshift(decides.close, records.close, empty.close);
    const [toRespond, toRecord] = subscriptionsOf("");
    if (toRespond === undefined || toRecord === undefined) throw new Error("two subscriptions are expected");
    const pushes = [
      { ...toRespond, name: MODEL_SUBSCRIPTION, pushEndpoint: decides.url },
      { ...toRecord, name: LEDGER_SUBSCRIPTION, pushEndpoint: records.url },
      { ...toRespond, name: EMPTY, pushEndpoint: empty.url },
    ];
    for (const push of pushes) await admin.pushSubscription(push);
    closing.unshift(async () => {
      for (const { name } of pushes) await admin.deleteSubscription(name);
    });

    const waiting: { respond: number[]; record: number[] } = { respond: [], record: [] };
    let [accepted, refused] = [0, 0];
    const send = async (incident: number, type: (typeof EVENTS)[number]): Promise<void> => {
      const id = `P${incident}-${type}`;
      const body = bytesOf(webhookOf(incident, type, id));
      if (incident >= 0) sentAt.set(id, performance.now());
      const headers = { "content-type": "application/json", "x-pagerduty-signature": signBody(body, SECRET) };
      const answer = await fetch(`${receive.url}/`, { method: "POST", headers, body: new Uint8Array(body) });
      await answer.arrayBuffer();
      if (answer.status === 200) accepted++;
      else refused++;
    };
    const settled = async (): Promise<void> => {
      const latest = performance.now() + 120_000;
      while (Math.min(ended.respond.size, ended.record.size) < accepted && performance.now() < latest)
        await sleep(50);
    };
    // What opens its clients at the first message is `cold`, and the emulators are slow until they are warm.
    for (let n = -1; n >= -WARM; n--) await send(n, "triggered");
    await settled();
    const every = 3_600_000 / (perHour * EVENTS.length);
    const sends: Promise<void>[] = [];
    const began = performance.now();
    for (let n = 0; n < incidents * EVENTS.length; n++) {
      await sleep(Math.max(0, began + n * every - performance.now()));
      waiting.respond.push(accepted - ended.respond.size);
      waiting.record.push(accepted - ended.record.size);
      const type = EVENTS[n % EVENTS.length] ?? "triggered";
      sends.push(send(Math.floor(n / EVENTS.length), type));
    }
    await Promise.all(sends);
    await settled();
    const store = openGoogleStore({ project, database: "(default)", host: firestoreHost });
    closing.unshift(() => store.close());
    return {
      decidedMs,
      emptyMs,
      waiting,
      refused,
      unfinished: accepted - Math.min(ended.respond.size, ended.record.size),
      stored: {
        predictions: (await store.count({ collection: "predictions" })) - WARM,
        incidents: (await store.count({ collection: "incidents" })) - WARM,
      },
    };
  } finally {
    for (const close of closing) await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Fifty services, eight kinds of alarms each. */
const webhookOf = (incident: number, type: string, id: string): object =>
  webhook({
    type,
    id,
    incident: `P${incident}`,
    at: Date.now(),
    service: `PSVC${Math.abs(incident) % 50}`,
    title: `Alarm ${"abcdefgh"[Math.abs(incident) % 8]} on host-${incident}`,
  });

/** One address before several instances, in turns, as the platform has it; without any it answers by itself. */
async function balance(
  instances: readonly FunctionProcess[],
  onHandled: (event: string) => void,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  let turn = 0;
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const target = instances.length === 0 ? null : instances[turn++ % instances.length];
    const status = target == null ? 204 : await forwarded(`${target.url}/`, body);
    response.writeHead(status).end();
    if (status < 300) onHandled(eventIn(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function forwarded(url: string, body: Buffer): Promise<number> {
  try {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 503;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const eventIn = (body: Buffer): string => /"event":\s*"([^"]+)"/.exec(body.toString("utf8"))?.[1] ?? "";

const MINUTES = Number(process.env.MRDATA_SCALE_MINUTES || "60");
const PER_HOUR = 10_000;

/** 10,000 incidents in an hour, or (MRDATA_SCALE_MINUTES) as many minutes of it. */
export async function benchScale(): Promise<readonly Figure[]> {
  const result = await runScale({ incidents: Math.round((PER_HOUR * MINUTES) / 60), perHour: PER_HOUR });
  if (result === null) return [];
  const { decidedMs, emptyMs, waiting, refused, unfinished, stored } = result;
  const growthOf = (queue: readonly number[]): number => {
    const half = Math.floor(queue.length / 2);
    return median(queue.slice(half)) - median(queue.slice(0, half));
  };
  return [
    atMost("scale.hour.p99", quantile(decidedMs, 0.99), "ms", 2_000),
    aside("scale.hour.median", quantile(decidedMs, 0.5), "ms"),
    aside("scale.hour.empty.p99", quantile(emptyMs, 0.99), "ms"),
    aside("scale.hour.incidents", decidedMs.length, "incidents"),
    atMost("scale.hour.queue.respond", growthOf(waiting.respond), "events more in the second half", 5),
    atMost("scale.hour.queue.record", growthOf(waiting.record), "events more in the second half", 5),
    atMost("scale.hour.unfinished", unfinished, "events", 0),
    // Of what is not at its end nobody can tell yet whether it is lost.
    ...(unfinished > 0
      ? []
      : [
          atMost(
            "scale.hour.lost",
            refused + 2 * decidedMs.length - stored.predictions - stored.incidents,
            "incidents",
            0,
          ),
        ]),
  ];
}

const median = (values: readonly number[]): number => quantile(values, 0.5);
