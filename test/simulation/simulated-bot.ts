import {
  buildReceive,
  buildRecord,
  buildRespond,
  buildSweep,
  LEDGER_SUBSCRIPTION,
  MODEL_SUBSCRIPTION,
  TOPIC,
} from "@mrdata/functions";
import { type Manifest, manifests } from "@mrdata/functions/manifests";
import { neededEvents, type Send } from "@mrdata/pagerduty";
import {
  type Bus,
  createLedger,
  type Ledger,
  type Log,
  type LogEntry,
  type ModelStore,
  type Secrets,
} from "@mrdata/platform";
import {
  type BuildContext,
  everyMinute,
  type Handler,
  listen,
  readEnvironment,
  requestOf,
} from "@mrdata/runtime";
import {
  type AccountDescription,
  createDiscreteClock,
  createPagerDutyDouble,
  type DiscreteClock,
  type PagerDutyDouble,
  substream,
} from "@mrdata/simulator";
import { certifiedRate } from "../support/certified-rate.ts";
import { createInProcessBus, type InProcessBus } from "./in-process-bus.ts";
import { instancesOf } from "./instances.ts";
import { type Life, startLife } from "./life.ts";
import { createMemoryStore, type PlainDocument } from "./memory-store.ts";
import { createWire, remote } from "./wire.ts";

const SIGNING_SECRET = "signing-secret-of-the-simulation";
export const TOKEN = "token-of-the-bot";

export type SimulationOptions = {
  readonly account: AccountDescription;
  /** PagerDuty id of the bot's user; its e-mail goes into `From`. */
  readonly bot: { readonly id: string; readonly email: string };
  readonly fallbackPolicy: string | null;
  /** PagerDuty ids of programs that act under users' names. */
  readonly automationUsers?: readonly string[];
  readonly start: number;
  readonly seed?: number;
  /** As a duration: `5m`. */
  readonly window?: string;
  /** Stands between the functions and their ledger: for outages. */
  readonly ledger?: (ledger: Ledger, clock: DiscreteClock) => Ledger;
  /** Stands between PagerDuty and `receive`: for a bot that is dead or slow. */
  readonly receiver?: (receive: Handler, clock: DiscreteClock) => Handler;
  /** Stands before every function. */
  readonly handler?: (name: FunctionName, handler: Handler, clock: DiscreteClock) => Handler;
  /** Stands between `receive` and the bus. */
  readonly bus?: (bus: Bus) => Bus;
  readonly token?: string | null | (() => string | null);
  /** Functions and PagerDuty listen on 127.0.0.1, and webhooks, pushes and REST calls go over HTTP. */
  readonly http?: boolean;
  /** Where log entries go, in place of `logged`. */
  readonly log?: Log;
  /** Published model versions; none if left out. */
  readonly models?: ModelStore;
  /** Stands between the functions and PagerDuty's REST API. */
  readonly fetch?: (pagerduty: Send, clock: DiscreteClock) => Send;
  /** How far the bot's own clock is ahead of the world's, milliseconds. */
  readonly skew?: number | (() => number);
  /** Whether the sweep comes every minute; only when it is called if left out. */
  readonly sweeps?: boolean;
  /** Whether the sweep runs the checks; not if left out. */
  readonly checks?: boolean;
  /**
   * Every function runs as its manifest declares it: as many requests at once, as long. Of `respond` there are so many
   * instances, of `record` two. One of each, without limits, if left out.
   */
  readonly instances?: number;
  /** What the ledger begins with; empty if left out. */
  readonly documents?: readonly PlainDocument[];
};

export type FunctionName = "receive" | "respond" | "record" | "sweep";

/** The bot's functions and PagerDuty's double in one process, on one discrete clock. */
export type Simulation = {
  readonly clock: DiscreteClock;
  readonly pagerduty: PagerDutyDouble;
  readonly bus: InProcessBus;
  /** As it is, whatever stands in front of it for the functions. */
  readonly ledger: Ledger;
  /** All that the ledger holds now: what another one may begin with. */
  documents(): readonly PlainDocument[];
  readonly logged: readonly LogEntry[];
  readonly handlers: Readonly<Record<FunctionName, Handler>>;
  /** PagerDuty's id of the bot's webhook subscription. */
  readonly subscriptionId: string;
  /**
   * Every function crashes and new instances take over: what was in memory is gone, what was under way never goes on,
   * and who waited for an answer gets none.
   */
  restart(): Promise<void>;
  /**
   * A second deployment of the bot works beside the first until the returned function is called: on the same account,
   * ledger and bus, with a webhook subscription, a sweep and a memory of its own, as an older version that finds no
   * model that it can read.
   */
  deployBeside(): Promise<() => void>;
  close(): Promise<void>;
};

const PAGERDUTY = "http://pagerduty";
/** Where the second deployment is reached. */
const BESIDE = "-beside";

export async function createSimulation(options: SimulationOptions): Promise<Simulation> {
  const { account, seed = 1 } = options;
  // In one process requests and answers are plain data: no stream is read that would take its turns.
  const clock = createDiscreteClock(options.start, { quietTurns: options.http ? 4 : 1 });
  const random = substream(() => (seed % 65_536) / 65_536);
  const store = createMemoryStore(options.documents);
  const ledger = createLedger(store);
  const logged: LogEntry[] = [];
  const log: Log = options.log ?? ((entry) => logged.push(entry));
  let handlers: Simulation["handlers"];
  let life = startLife();

  const pagerduty = createPagerDutyDouble({
    clock,
    account,
    random: substream(random),
    async deliverWebhook(request) {
      const receive = options.receiver?.(routed("receive"), clock) ?? routed("receive");
      return receive(requestOf("POST", "http://function/", request.headers, request.body));
    },
  });
  const subscription = pagerduty.subscribe({
    url: "http://function/receive",
    description: "Mr Data",
    secret: SIGNING_SECRET,
    events: neededEvents,
  });

  const bus = createInProcessBus({
    clock,
    topic: TOPIC,
    random: substream(random),
    subscribers: [
      { name: MODEL_SUBSCRIPTION, handler: () => routed("respond") },
      { name: LEDGER_SUBSCRIPTION, handler: () => routed("record") },
    ],
  });

  const network = options.http ? await openNetwork(clock, pagerduty) : null;

  const drawInstance = substream(random);
  let beside: { readonly handlers: Simulation["handlers"] } | null = null;

  /** The function as its callers reach it: one of its instances, of one of the deployments. */
  const routed =
    (name: "receive" | "respond" | "record"): Handler =>
    (request) => {
      const other = beside !== null && drawInstance() < 0.5 ? beside.handlers : handlers;
      return other[name](request);
    };

  async function build(
    models: ModelStore | undefined = options.models,
    place = "",
  ): Promise<Simulation["handlers"]> {
    const rest = network?.send ?? pagerduty.send;
    const context = (): BuildContext =>
      contextOf(
        { ...options, ...(models === undefined ? {} : { models }) },
        { clock, log, bus, rest, ledger, life },
      );
    const stand = async (
      name: FunctionName,
      buildOne: (context: BuildContext) => Promise<Handler>,
      count: number,
    ): Promise<Handler> => {
      const { instances } = options;
      const built = await Promise.all(
        Array.from({ length: instances === undefined ? 1 : count }, () => buildOne(context())),
      );
      const all =
        instances === undefined
          ? built[0]
          : instancesOf(built, sizeOf(name), { clock, random: drawInstance });
      if (all === undefined) throw new Error(`there is no instance of ${name}`);
      const handler = network?.serve(`${name}${place}`, all) ?? all;
      return life.answering(options.handler?.(name, handler, clock) ?? handler);
    };
    return {
      receive: await stand("receive", buildReceive, 1),
      respond: await stand("respond", buildRespond, options.instances ?? 1),
      record: await stand("record", buildRecord, 2),
      sweep: await stand("sweep", buildSweep, 1),
    };
  }
  handlers = await build();
  const scheduler = options.sweeps ? everyMinute(clock, () => sweepNow(handlers.sweep)) : null;
  return {
    clock,
    pagerduty,
    bus,
    ledger,
    documents: store.documents,
    logged,
    get handlers() {
      return handlers;
    },
    subscriptionId: subscription.id,
    async restart() {
      life.end();
      life = startLife();
      handlers = await build();
      if (beside !== null) beside = { handlers: await build(noModels, BESIDE) };
    },
    async deployBeside() {
      beside = { handlers: await build(noModels, BESIDE) };
      const other = pagerduty.subscribe({
        url: "http://function/receive",
        description: "Mr Data, an older version",
        secret: SIGNING_SECRET,
        events: neededEvents,
      });
      const sweeps = everyMinute(clock, async () => {
        if (beside !== null) await sweepNow(beside.handlers.sweep);
      });
      return () => {
        beside = null;
        pagerduty.removeSubscription(other.id);
        void sweeps.stop();
      };
    },
    async close() {
      // A sweep under way waits on a clock that nobody moves any more.
      void scheduler?.stop();
      life.end();
      await network?.close();
      await ledger.close();
    },
  };
}

function sizeOf(name: FunctionName): Manifest["size"] {
  const manifest = manifests.find((one) => one.name === name);
  if (manifest === undefined) throw new Error(`${name} has no manifest`);
  return manifest.size;
}

/** The functions' server and PagerDuty's, and the wire between. */
async function openNetwork(clock: DiscreteClock, pagerduty: PagerDutyDouble) {
  const wire = createWire(clock);
  const served: Record<string, Handler> = {};
  const functions = await listen(served, 0);
  const rest = await pagerduty.listen(wire.insideRest);
  return {
    /** The function as its callers reach it; in place of the one of that name before. */
    serve(name: string, handler: Handler): Handler {
      served[name] = wire.inside(handler);
      return remote(wire, `${functions.url}/${name}`);
    },
    send: ((url, request) => wire.send(url.replace(PAGERDUTY, rest.url), request)) satisfies Send,
    async close(): Promise<void> {
      wire.close();
      await Promise.all([functions.close(), rest.close()]);
    },
  };
}

/** Calls the sweep as the scheduler does; it logs what it did. */
export async function sweepNow(sweep: Handler): Promise<void> {
  await sweep(new Request("http://function/", { method: "POST" }));
}

type Parts = {
  readonly clock: DiscreteClock;
  readonly log: Log;
  readonly bus: InProcessBus;
  readonly rest: Send;
  readonly ledger: Ledger;
  readonly life: Life;
};

function contextOf(options: SimulationOptions, parts: Parts): BuildContext {
  const { clock, log, rest, life } = parts;
  const { bot, fallbackPolicy, window = "5m", skew = 0, token = TOKEN, automationUsers = [] } = options;
  const secrets: Secrets = {
    get: (name) =>
      name === "webhook-secret" ? SIGNING_SECRET : typeof token === "function" ? token() : token,
  };
  const ledger = life.within(options.ledger?.(parts.ledger, clock) ?? parts.ledger);
  const bus = life.within(options.bus?.(parts.bus) ?? parts.bus);
  const ahead = typeof skew === "function" ? skew : () => skew;
  const environment = readEnvironment({
    MRDATA_TARGET: "local:.",
    MRDATA_WINDOW: window,
    MRDATA_BOT_USER: bot.id,
    MRDATA_FROM: bot.email,
    MRDATA_FALLBACK_POLICY: fallbackPolicy ?? "",
    MRDATA_AUTOMATION_USERS: automationUsers.join(","),
    MRDATA_PAGERDUTY_URL: PAGERDUTY,
  });
  return {
    environment,
    backend: {
      bus: async () => bus,
      ledger: async () => ledger,
      secrets: async () => secrets,
      endpoint: async () => null,
      models: async () => options.models ?? certifiedRate(environment.MRDATA_WINDOW),
    },
    clock: life.within({ now: () => clock.now() + ahead(), sleep: clock.sleep }),
    log,
    checks: options.checks ?? false,
    fetch: life.whole(options.fetch?.(rest, clock) ?? rest),
  };
}

/** What the older version beside has: nothing to hold by. */
const noModels: ModelStore = {
  versions: async () => [],
  read: async () => null,
  publish: async () => {
    throw new Error("the simulation publishes no models");
  },
};
