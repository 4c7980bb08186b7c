import type { Fault } from "../faults.ts";
import { MINUTE, SECOND } from "./durations.ts";

/** Some calls take so long, of which Pub/Sub waits for the shorter ones. */
const SLOW = [2 * SECOND, 20 * SECOND] as const;
/** What SQLite waits for a lock before it gives up (packages/platform/src/embedded/sqlite.ts). */
const BUSY_TIMEOUT = 5 * SECOND;

// Made once: they are thrown a hundred thousand times, and an Error takes down where it was made.
const late = new Error("the ledger did not answer in time");
const down = new Error("the ledger is down");
const unanswered = new Error("the ledger did what it was asked and never said so");
const locked = new Error("database is locked");

/** What is wrong with the ledger. */
export const ledgerFaults: readonly Fault[] = [
  {
    name: "ledger-outages",
    what: "the ledger fails: before it did what it was asked, after, or only after a while",
    pages: false,
    takes: null,
    ledgerFails: true,
    lasts: [30 * SECOND, 12 * MINUTE],
    pauses: [SECOND, MINUTE],
    begin: ({ layers, random }) => {
      const state = random.pick(["down", "down", "half", "applied-not-answered", "slow"]);
      return layers.ledger.add(async (next, clock) => {
        if (state === "slow") {
          await clock.sleep(random.whole(...SLOW));
          if (random.chance(0.5)) throw late;
          return next();
        }
        const fails = state === "half" ? random.chance(0.5) : true;
        if (fails && (state === "down" || random.chance(0.5))) throw down;
        const result = await next();
        if (fails) throw unanswered;
        return result;
      });
    },
  },
  {
    name: "ledger-locked",
    what: "another process has the SQLite file locked: every call waits its busy time-out and fails",
    pages: true,
    takes: null,
    ledgerFails: true,
    lasts: [MINUTE, 15 * MINUTE],
    pauses: [MINUTE, 5 * MINUTE],
    begin: ({ layers }) =>
      layers.ledger.add(async (_, clock) => {
        await clock.sleep(BUSY_TIMEOUT);
        throw locked;
      }),
  },
  {
    name: "ledger-slow-10s",
    what: "the ledger answers every call ten seconds later",
    pages: true,
    takes: null,
    lasts: [10 * MINUTE, 40 * MINUTE],
    pauses: [5 * MINUTE, 20 * MINUTE],
    begin: ({ layers }) =>
      layers.ledger.add(async (next, clock) => {
        await clock.sleep(10 * SECOND);
        return next();
      }),
  },
];
