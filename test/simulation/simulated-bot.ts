import {
  type BuildContext,
  buildReceive,
  buildRecord,
  buildRespond,
  buildSweep,
  everyMinute,
  type Handler,
  LEDGER_SUBSCRIPTION,
  listen,
  MODEL_SUBSCRIPTION,
  readEnvironment,
  requestOf,
  TOPIC,
} from "@mrdata/functions";
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
  type AccountDescription,
  createDiscreteClock,
  createPagerDutyDouble,
  type DiscreteClock,
  type PagerDutyDouble,
  substream,
} from "@mrdata/simulator";
import { certifiedRate } from "../support/certified-rate.ts";
import { createInProcessBus, type InProcessBus } from "./in-process-bus.ts";
import { type Life, startLife } from "./life.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createWire, remote } from "./wire.ts";

export const SIGNING_SECRET = "signing-secret-of-the-simulation";
export const TOKEN = "token-of-the-bot";

export type SimulationOptions = {
  readonly account: AccountDescription;
  /** PagerDuty id of the bot's user; its e-mail goes into `From`. */
  readonly bot: { readonly id: string; readonly email: string };
  readonly fallbackPolicy: string | null;
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
};

export type FunctionName = "receive" | "respond" | "record" | "sweep";

/** The bot's functions and PagerDuty's double in one process, on one discrete clock. */
export type Simulation = {
  readonly clock: DiscreteClock;
  readonly pagerduty: PagerDutyDouble;
  readonly bus: InProcessBus;
  /** As it is, whatever stands in front of it for the functions. */
  readonly ledger: Ledger;
  readonly logged: readonly LogEntry[];
  readonly handlers: Readonly<Record<FunctionName, Handler>>;
  /** PagerDuty's id of the bot's webhook subscription. */
  readonly subscriptionId: string;
  /**
   * Every function crashes and new instances take over: what was in memory is gone, what was under way never goes on,
   * and who waited for an answer gets none.
   */
  restart(): Promise<void>;
  close(): Promise<void>;
};

const PAGERDUTY = "http://pagerduty";

export async function createSimulation(options: SimulationOptions): Promise<Simulation> {
  const { account, seed = 1 } = options;
  const clock = createDiscreteClock(options.start);
  const random = substream(() => (seed % 65_536) / 65_536);
  const store = createMemoryStore();
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
      const receive = options.receiver?.(handlers.receive, clock) ?? handlers.receive;
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
      { name: MODEL_SUBSCRIPTION, handler: () => handlers.respond },
      { name: LEDGER_SUBSCRIPTION, handler: () => handlers.record },
    ],
  });

  const network = options.http ? await openNetwork(clock, pagerduty) : null;

  async function build(): Promise<Simulation["handlers"]> {
    const rest = network?.send ?? pagerduty.send;
    const context = contextOf(options, { clock, log, bus, rest, ledger, life });
    const stand = (name: FunctionName, built: Handler): Handler => {
      const handler = network?.serve(name, built) ?? built;
      return life.answering(options.handler?.(name, handler, clock) ?? handler);
    };
    return {
      receive: stand("receive", await buildReceive(context)),
      respond: stand("respond", await buildRespond(context)),
      record: stand("record", await buildRecord(context)),
      sweep: stand("sweep", await buildSweep(context)),
    };
  }
  handlers = await build();
  const scheduler = options.sweeps ? everyMinute(clock, () => sweepNow(handlers.sweep)) : null;
  return {
    clock,
    pagerduty,
    bus,
    ledger,
    logged,
    get handlers() {
      return handlers;
    },
    subscriptionId: subscription.id,
    async restart() {
      life.end();
      life = startLife();
      handlers = await build();
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

/** The functions' server and PagerDuty's, and the wire between. */
async function openNetwork(clock: DiscreteClock, pagerduty: PagerDutyDouble) {
  const wire = createWire(clock);
  const served: Record<string, Handler> = {};
  const functions = await listen(served, 0);
  const rest = await pagerduty.listen(wire.insideRest);
  return {
    /** The function as its callers reach it; in place of the one of that name before. */
    serve(name: FunctionName, handler: Handler): Handler {
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
  const { bot, fallbackPolicy, window = "5m", skew = 0, token = TOKEN } = options;
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
    MRDATA_PAGERDUTY_URL: PAGERDUTY,
  });
  return {
    environment,
    backend: {
      bus: async () => bus,
      ledger: async () => ledger,
      secrets: async () => secrets,
      models: async () => options.models ?? certifiedRate(environment.MRDATA_WINDOW),
    },
    clock: life.within({ now: () => clock.now() + ahead(), sleep: clock.sleep }),
    log,
    checks: options.checks ?? false,
    fetch: life.whole(options.fetch?.(rest, clock) ?? rest),
  };
}
