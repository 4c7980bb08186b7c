import { disarmAll, type Settings } from "@mrdata/platform";
import type { Fault } from "../faults.ts";
import { againAndAgain } from "./again-and-again.ts";
import { HOUR, long, MINUTE, SECOND } from "./durations.ts";

const LATE = 30_000;

/** What is wrong with the bot itself: dead, slow, mad, several, disarmed. */
export const botFaults: readonly Fault[] = [
  {
    name: "bot-dead",
    what: "no function answers; webhooks meet a closed door",
    pages: false,
    takes: "bot",
    lasts: long.lasts,
    // PagerDuty tries every webhook about once an hour, for two days, and then drops it: each must meet an open door.
    pauses: [75 * MINUTE, 110 * MINUTE],
    begin: ({ layers, simulation }) => {
      const open = layers.door.add(async () => {
        throw new Error("connection refused");
      });
      return async () => {
        open();
        await simulation.restart();
      };
    },
  },
  {
    name: "bot-restarts",
    what: "every 1 to 15 minutes all instances are killed, in the middle of whatever they do",
    pages: true,
    takes: null,
    ...long,
    begin: (stage) => againAndAgain(stage, [60 * SECOND, 900 * SECOND], () => stage.simulation.restart()),
  },
  {
    name: "slow-30s",
    what: "on its way a webhook waits 30 seconds longer, in `receive` or behind it",
    pages: true,
    startsLate: 30_000,
    takes: null,
    // A receiver that never answers in time is asked again and again for every webhook: not for hours on end.
    lasts: [20 * MINUTE, HOUR],
    pauses: [2 * MINUTE, 8 * MINUTE],
    begin: ({ layers, random }) => {
      const late = random.pick(["receive", "behind", "behind"]);
      return layers.door.add(async (name, next, clock) => {
        if ((name === "receive" ? "receive" : "behind") === late) await clock.sleep(LATE);
        return next();
      });
    },
  },
  {
    name: "clock-skew",
    what: "the bot's clock is two minutes ahead, or behind",
    pages: true,
    takes: null,
    ...long,
    begin: ({ layers, random }) => layers.skew.add(random.pick([-2 * MINUTE, 2 * MINUTE])),
  },
  {
    name: "model-corrupt",
    what: "the champion's files are cut short, changed or missing",
    pages: true,
    takes: null,
    ...long,
    begin: async ({ simulation, random }) => {
      await simulation.ledger.promote(random.pick(["corrupt-short", "corrupt-bit", "corrupt-missing"]));
      await simulation.restart();
      return async () => {
        await simulation.ledger.promote("sound");
        await simulation.restart();
      };
    },
  },
  {
    name: "two-deployments",
    what: "an older version of the bot works beside it, on the same account and ledger",
    pages: true,
    takes: null,
    ...long,
    begin: ({ simulation }) => simulation.deployBeside(),
  },
  {
    name: "disarmed",
    what: "the bot is disarmed, and still stands first on every policy",
    pages: true,
    takes: null,
    ...long,
    begin: async ({ layers, simulation, saveSettings }) => {
      const at = simulation.clock.now();
      const remove = layers.settings.add((settings) =>
        disarmAll(settings, { why: "chaos", who: "PROBIN", at }),
      );
      await saveSettings();
      return async () => {
        remove();
        await saveSettings();
      };
    },
  },
  {
    name: "settings-edited",
    what: "people save settings beside decisions: disarm, arm, other caps, another fallback policy",
    pages: true,
    takes: null,
    ...long,
    begin: async (stage) => {
      const { layers, random, simulation, saveSettings } = stage;
      let edit: (settings: Settings) => Settings = (settings) => settings;
      const remove = layers.settings.add((settings) => edit(settings));
      const draw = (): ((settings: Settings) => Settings) => {
        const by = { why: "chaos", who: "PALEX", at: simulation.clock.now() };
        return random.pick([
          (settings: Settings) => disarmAll(settings, by),
          (settings: Settings) => settings,
          (settings: Settings) => settings,
          (settings: Settings) => ({ ...settings, caps: { service: 1, all: random.whole(1, 10) } }),
          (settings: Settings) => ({ ...settings, fallbackPolicy: "PPOLICYFALLBACK" }),
        ]);
      };
      const stop = againAndAgain(stage, [5 * SECOND, 90 * SECOND], async () => {
        edit = draw();
        await saveSettings();
      });
      return async () => {
        await stop();
        remove();
        await saveSettings();
      };
    },
  },
];
