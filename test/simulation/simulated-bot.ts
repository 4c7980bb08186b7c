import {
  type BuildContext,
  buildReceive,
  buildRecord,
  buildRespond,
  buildSweep,
  everyMinute,
  type Handler,
  LEDGER_SUBSCRIPTION,
  MODEL_SUBSCRIPTION,
  readEnvironment,
  TOPIC,
} from "@mrdata/functions";
import {
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
import { createInProcessBus, type InProcessBus } from "./in-process-bus.ts";
import { createMemoryStore } from "./memory-store.ts";

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
  readonly ledger?: (ledger: Ledger) => Ledger;
  /** Stands between PagerDuty and `receive`: for a bot that is dead or slow. */
  readonly receiver?: (receive: Handler, clock: DiscreteClock) => Handler;
  readonly token?: string | null;
  /** Published model versions; none if left out. */
  readonly models?: ModelStore;
  /** Stands between the functions and PagerDuty's REST API. */
  readonly fetch?: (pagerduty: typeof fetch) => typeof fetch;
  /** The bot's own clock, where it differs from the world's. */
  readonly skew?: number;
  /** Whether the sweep comes every minute; only when it is called if left out. */
  readonly sweeps?: boolean;
  /** Whether the sweep runs the checks; not if left out. */
  readonly checks?: boolean;
};

/** The bot's functions and PagerDuty's double in one process, on one discrete clock. */
export type Simulation = {
  readonly clock: DiscreteClock;
  readonly pagerduty: PagerDutyDouble;
  readonly bus: InProcessBus;
  /** As it is, whatever stands in front of it for the functions. */
  readonly ledger: Ledger;
  readonly logged: readonly LogEntry[];
  readonly handlers: {
    readonly receive: Handler;
    readonly respond: Handler;
    readonly record: Handler;
    readonly sweep: Handler;
  };
  /** New instances of every function, as after a crash: what was in memory is gone. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** What the deployed subscription asks for. */
const EVENTS = [
  "triggered",
  "acknowledged",
  "unacknowledged",
  "resolved",
  "reopened",
  "escalated",
  "delegated",
  "reassigned",
  "priority_updated",
  "annotated",
].map((type) => `incident.${type}`);

export async function createSimulation(options: SimulationOptions): Promise<Simulation> {
  const { account, seed = 1 } = options;
  const clock = createDiscreteClock(options.start);
  const random = substream(() => (seed % 65_536) / 65_536);
  const store = createMemoryStore();
  const ledger = createLedger(store);
  const logged: LogEntry[] = [];
  const log: Log = (entry) => logged.push(entry);
  let handlers: Simulation["handlers"];

  const pagerduty = createPagerDutyDouble({
    clock,
    account,
    random: substream(random),
    async deliverWebhook(request) {
      const receive = options.receiver?.(handlers.receive, clock) ?? handlers.receive;
      const { status } = await receive(rooted(request));
      return new Response(null, { status });
    },
  });
  pagerduty.subscribe({ url: "http://function/receive", secret: SIGNING_SECRET, events: EVENTS });

  const bus = createInProcessBus({
    clock,
    topic: TOPIC,
    random: substream(random),
    subscribers: [
      { name: MODEL_SUBSCRIPTION, handler: () => handlers.respond },
      { name: LEDGER_SUBSCRIPTION, handler: () => handlers.record },
    ],
  });

  async function build(): Promise<Simulation["handlers"]> {
    const context = contextOf(options, { clock, log, bus, pagerduty, ledger });
    return {
      receive: await buildReceive(context),
      respond: await buildRespond(context),
      record: await buildRecord(context),
      sweep: await buildSweep(context),
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
    async restart() {
      handlers = await build();
    },
    async close() {
      await scheduler?.stop();
      await ledger.close();
    },
  };
}

/** Calls the sweep as the scheduler does; it logs what it did. */
export async function sweepNow(sweep: Handler): Promise<void> {
  await sweep(new Request("http://function/", { method: "POST" }));
}

const rooted = (request: Request): Request => new Request("http://function/", request);

type Parts = {
  readonly clock: DiscreteClock;
  readonly log: Log;
  readonly bus: InProcessBus;
  readonly pagerduty: PagerDutyDouble;
  readonly ledger: Ledger;
};

function contextOf(options: SimulationOptions, { clock, log, bus, pagerduty, ledger }: Parts): BuildContext {
  const { bot, fallbackPolicy, window = "5m", skew = 0, token = TOKEN } = options;
  const secrets: Secrets = { get: (name) => (name === "webhook-secret" ? SIGNING_SECRET : token) };
  const guarded = options.ledger?.(ledger) ?? ledger;
  return {
    environment: readEnvironment({
      MRDATA_TARGET: "local:.",
      MRDATA_WINDOW: window,
      MRDATA_BOT_USER: bot.id,
      MRDATA_FROM: bot.email,
      MRDATA_FALLBACK_POLICY: fallbackPolicy ?? "",
      MRDATA_PAGERDUTY_URL: "http://pagerduty",
    }),
    backend: {
      bus: async () => bus,
      ledger: async () => guarded,
      secrets: async () => secrets,
      models: async () => options.models ?? noModels,
    },
    clock: { ...clock, now: () => clock.now() + skew },
    log,
    checks: options.checks ?? false,
    fetch: options.fetch?.(pagerduty.fetch) ?? pagerduty.fetch,
  };
}

const noModels: ModelStore = {
  versions: async () => [],
  read: async () => null,
  publish: async () => {
    throw new Error("the simulation publishes no models");
  },
};
