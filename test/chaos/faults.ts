import type { Random } from "@mrdata/simulator";
import type { Simulation } from "../simulation/simulated-bot.ts";
import type { Switches } from "./switches.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What a fault gets hold of. */
export type Stage = {
  readonly simulation: Simulation;
  readonly switches: Switches;
  readonly random: Random;
  /** What a person does at the kill switch. */
  disarm(): Promise<void>;
  /** What a person does when the trouble is over: every service armed again. */
  arm(): Promise<void>;
};

/** One thing that is wrong, on and off. Durations are milliseconds of the clock. */
export type Fault = {
  readonly name: string;
  readonly what: string;
  /** Bot, REST and ledger work under it: what is not held is paged within a minute. */
  readonly pages: boolean;
  /** How long it lasts each time, and the pauses between: long enough for holds that it then meets. */
  readonly lasts: readonly [number, number];
  readonly pauses: readonly [number, number];
  begin(stage: Stage): Promise<void> | void;
  end(stage: Stage): Promise<void> | void;
};

const long = { lasts: [3 * HOUR, 10 * HOUR], pauses: [15 * MINUTE, 40 * MINUTE] } as const;

const restFault = (name: string, what: string, begin: Fault["begin"]): Fault => ({
  name,
  what,
  pages: false,
  ...long,
  begin,
  end: ({ simulation, switches }) => {
    switches.rest = "ok";
    simulation.pagerduty.faults.set({ rest: "ok" });
  },
});

export const faults: readonly Fault[] = [
  { name: "none", what: "nothing is wrong", pages: true, ...long, begin: () => {}, end: () => {} },
  {
    name: "bot-dead",
    what: "no function answers; webhooks meet a closed door",
    pages: false,
    lasts: long.lasts,
    // PagerDuty tries every webhook about once an hour, for two days, and then drops it: each must meet an open door.
    pauses: [75 * MINUTE, 110 * MINUTE],
    begin: ({ switches }) => {
      switches.functions = "dead";
    },
    end: async ({ switches, simulation }) => {
      switches.functions = "ok";
      await simulation.restart();
    },
  },
  {
    name: "bot-restarts",
    what: "every 1 to 15 minutes all instances are killed, in the middle of whatever they do",
    pages: true,
    ...long,
    begin: ({ switches, simulation, random }) => {
      const run = Symbol("restarts");
      switches.restarting = run;
      const { clock } = simulation;
      const next = (): void => {
        clock.schedule(clock.now() + random.whole(60, 900) * SECOND, async () => {
          if (switches.restarting !== run) return;
          await simulation.restart();
          next();
        });
      };
      next();
    },
    end: ({ switches }) => {
      switches.restarting = null;
    },
  },
  {
    name: "slow-30s",
    what: "on its way a webhook waits 30 seconds longer, in `receive` or behind it",
    pages: true,
    // A receiver that never answers in time is asked again and again for every webhook: not for hours on end.
    lasts: [20 * MINUTE, HOUR],
    pauses: [2 * MINUTE, 8 * MINUTE],
    begin: ({ switches, random }) => {
      switches.functions = random.pick(["receive-late", "rest-late", "rest-late"]);
    },
    end: ({ switches }) => {
      switches.functions = "ok";
    },
  },
  restFault("rest-429", "PagerDuty says 429 to some of the requests, or to all", ({ simulation, random }) =>
    simulation.pagerduty.faults.set({ rest: "429", restProbability: random.pick([0.3, 0.7, 1]) }),
  ),
  restFault("rest-500", "PagerDuty says 500 to some of the requests, or to all", ({ simulation, random }) =>
    simulation.pagerduty.faults.set({ rest: "500", restProbability: random.pick([0.3, 0.7, 1]) }),
  ),
  restFault(
    "rest-hangs",
    "requests are never answered, some of them after they were done",
    ({ simulation, switches, random }) => {
      const kind = random.pick(["hang", "applied-not-answered", "applied-then-hangs"] as const);
      if (kind === "applied-then-hangs") switches.rest = kind;
      else
        simulation.pagerduty.faults.set({
          rest: kind,
          restProbability: kind === "hang" ? random.pick([0.5, 1]) : 0.5,
        });
    },
  ),
  {
    name: "ledger-outages",
    what: "the ledger fails: before it did what it was asked, after, or only after a while",
    pages: false,
    lasts: [30 * SECOND, 12 * MINUTE],
    pauses: [SECOND, MINUTE],
    begin: ({ switches, random }) => {
      switches.ledger = random.pick(["down", "down", "half", "applied-not-answered", "slow"]);
    },
    end: ({ switches }) => {
      switches.ledger = "ok";
    },
  },
  {
    name: "bus-disorder",
    what: "the bus and the webhooks come twice, up to 20 seconds late each, and in any order",
    pages: true,
    ...long,
    begin: ({ simulation }) => {
      simulation.bus.setFaults({
        duplicate: 0.3,
        latestDuplicate: 20 * MINUTE,
        delay: 0.3,
        latest: 20 * SECOND,
        refuse: 0.05,
      });
      simulation.pagerduty.faults.set({
        webhooks: "unordered",
        webhookProbability: 0.3,
        webhookDelay: 15 * SECOND,
      });
    },
    end: ({ simulation }) => {
      simulation.bus.setFaults({ duplicate: 0, latestDuplicate: 0, delay: 0, latest: 0, refuse: 0 });
      simulation.pagerduty.faults.set({ webhooks: "ok" });
    },
  },
  {
    name: "clock-skew",
    what: "the bot's clock is two minutes ahead, or behind",
    pages: true,
    ...long,
    begin: ({ switches, random }) => {
      switches.skew = random.pick([-2 * MINUTE, 2 * MINUTE]);
    },
    end: ({ switches }) => {
      switches.skew = 0;
    },
  },
  {
    name: "model-corrupt",
    what: "the champion's files are cut short, changed or missing",
    pages: true,
    ...long,
    begin: async ({ simulation, random }) => {
      await simulation.ledger.promote(random.pick(["corrupt-short", "corrupt-bit", "corrupt-missing"]));
      await simulation.restart();
    },
    end: async ({ simulation }) => {
      await simulation.ledger.promote("sound");
      await simulation.restart();
    },
  },
  {
    name: "wrong-token",
    what: "PagerDuty does not know the bot's key",
    pages: false,
    ...long,
    begin: ({ switches }) => {
      switches.token = "wrong";
    },
    end: ({ switches }) => {
      switches.token = "ok";
    },
  },
  {
    name: "disarmed",
    what: "the bot is disarmed, and still stands first on every policy",
    pages: true,
    ...long,
    begin: ({ disarm }) => disarm(),
    end: () => {},
  },
  {
    name: "webhooks-stop",
    what: "the webhook subscription is switched off: the sweep is all there is",
    pages: true,
    ...long,
    begin: ({ simulation, random }) => {
      const { pagerduty, subscriptionId, clock } = simulation;
      pagerduty.setSubscription(
        subscriptionId,
        random.chance(0.5) ? { active: false } : { disabledUntil: clock.now() + 24 * HOUR },
      );
    },
    end: ({ simulation }) =>
      simulation.pagerduty.setSubscription(simulation.subscriptionId, { active: true, disabledUntil: null }),
  },
];

export type FaultName = Fault["name"];
export const faultNames: readonly string[] = faults.map(({ name }) => name);
