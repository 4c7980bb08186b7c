import type { Handler } from "@mrdata/functions";
import type { Send } from "@mrdata/pagerduty";
import type { Ledger, ModelStore } from "@mrdata/platform";
import type { DiscreteClock, Random } from "@mrdata/simulator";
import { type FunctionName, TOKEN } from "../simulation/simulated-bot.ts";

/** What faults turn. Everything between the bot and its world looks here before it works. */
export type Switches = {
  functions: "ok" | "dead" | "receive-late" | "rest-late";
  ledger: "ok" | "down" | "half" | "applied-not-answered" | "slow";
  rest: "ok" | "applied-then-hangs";
  token: "ok" | "wrong";
  /** How far the bot's clock is ahead, milliseconds. */
  skew: number;
  /** Which spell of restarts is on. */
  restarting: symbol | null;
};

export const allWell = (): Switches => ({
  functions: "ok",
  ledger: "ok",
  rest: "ok",
  token: "ok",
  skew: 0,
  restarting: null,
});

const LATE = 30_000;
/** PagerDuty gives up on a webhook after five seconds, Pub/Sub on a push after sixty. */
const SLOW_LEDGER = [2_000, 20_000] as const;

export const throughDoor =
  (switches: Switches) =>
  (name: FunctionName, handler: Handler, clock: DiscreteClock): Handler =>
  async (request) => {
    if (switches.functions === "dead") throw new Error("connection refused");
    const late = name === "receive" ? "receive-late" : "rest-late";
    if (switches.functions === late) await clock.sleep(LATE);
    return handler(request);
  };

export const tokenOf = (switches: Switches) => () => (switches.token === "ok" ? TOKEN : "not-the-token");

// Made once: they are thrown a hundred thousand times, and an Error takes down where it was made.
const late = new Error("the ledger did not answer in time");
const down = new Error("the ledger is down");
const unanswered = new Error("the ledger did what it was asked and never said so");

/** The ledger as the switches have it. */
export const faultyLedger =
  (switches: Switches, random: Random) =>
  (ledger: Ledger, clock: DiscreteClock): Ledger =>
    new Proxy(ledger, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== "function" || name === "close" || name === "pastIncidents") return value;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          const { ledger: state } = switches;
          const call = (): unknown => Reflect.apply(value, target, args);
          if (state === "ok") return call();
          if (state === "slow") {
            await clock.sleep(random.whole(...SLOW_LEDGER));
            if (random.chance(0.5)) throw late;
            return call();
          }
          const fails = state === "half" ? random.chance(0.5) : true;
          if (fails && (state === "down" || random.chance(0.5))) throw down;
          const result: unknown = await call();
          if (fails) throw unanswered;
          return result;
        };
      },
    });

/** Every second change is made and never answered. */
export const faultyRest =
  (switches: Switches, random: Random) =>
  (pagerduty: Send): Send =>
  async (url, request) => {
    const { rest } = switches;
    const response = await pagerduty(url, request);
    const changes = request.method !== "GET";
    if (rest === "applied-then-hangs" && changes && random.chance(0.5))
      return hangUntilAborted(request.signal);
    return response;
  };

const hangUntilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

export type VersionFiles = ReadonlyMap<string, Uint8Array>;

/** The sound version, and three that no bot may trust. */
export function modelsWith(sound: VersionFiles): ModelStore {
  const changed = (work: (bytes: Uint8Array) => Uint8Array | null) =>
    new Map([...sound].map(([file, bytes]) => [file, file === "model.bst" ? work(bytes) : bytes]));
  const versions = new Map<string, ReadonlyMap<string, Uint8Array | null>>([
    ["sound", sound],
    ["corrupt-short", changed((bytes) => bytes.slice(0, bytes.length >> 1))],
    ["corrupt-bit", changed(withOneDigitChanged)],
    ["corrupt-missing", changed(() => null)],
  ]);
  return {
    versions: async () => [...versions.keys()],
    read: async (version, file) => versions.get(version)?.get(file) ?? null,
    publish: async () => {
      throw new Error("nothing is published here");
    },
  };
}

/** One digit in the middle: it parses as well as before, and says something else. */
function withOneDigitChanged(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x38;
  const place = changed.findIndex((byte, i) => i > changed.length / 2 && isDigit(byte));
  changed[place] = (changed[place] ?? 0) + 1;
  return changed;
}
