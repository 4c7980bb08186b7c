import type { AccountDescription, Random } from "@mrdata/simulator";
import type { Simulation } from "../simulation/simulated-bot.ts";
import { agentFaults } from "./faults/agents.ts";
import { botFaults } from "./faults/bot.ts";
import { deliveryFaults } from "./faults/delivery.ts";
import { long } from "./faults/durations.ts";
import { editFaults } from "./faults/edits.ts";
import { ledgerFaults } from "./faults/ledger.ts";
import { restFaults } from "./faults/rest.ts";
import { type Storm, stormFaults } from "./faults/storm.ts";
import type { Layers } from "./layers.ts";

/** What a fault gets hold of. */
export type Stage = {
  readonly simulation: Simulation;
  readonly layers: Layers;
  readonly random: Random;
  /** The account as it was set up. */
  readonly account: AccountDescription;
  /** Saves what the settings' layers make of them: after one was added, changed or removed. */
  saveSettings(): Promise<void>;
  /** Edits the account at PagerDuty as its layers say. */
  editAccount(): void;
  /** A person says "mrdata: disarm" within moments on the incident, while it waits on the bot. */
  sayDisarmOn(incident: string): void;
  /** Where storms are told of. */
  readonly storms: Storm[];
  /** Where a fault tells from when to when the escalation policies could not be read at all; still so while `to` is infinite. */
  readonly unreadable: { readonly from: number; to: number }[];
};

export type EndFault = () => Promise<void> | void;

/** One thing that is wrong, on and off. Durations are milliseconds of the clock. */
export type Fault = {
  readonly name: string;
  readonly what: string;
  /** The bot works under it and PagerDuty answers: what is not held is paged within a minute. */
  readonly pages: boolean;
  /**
   * Whom it may keep from an incident: the bot, which cannot page then, or the people whom PagerDuty escalates to. Two
   * faults that take both leave an incident to PagerDuty's further levels.
   */
  readonly takes: "bot" | "people" | null;
  /** How old what is read at PagerDuty, or what is sent to it, may be beyond the usual, milliseconds; 0 if left out. */
  readonly lag?: number;
  /** By how much functions may begin late, milliseconds; 0 if left out. With another fault beside it a page may be as late. */
  readonly startsLate?: number;
  /** No call of the ledger succeeds, or not every one: what is said meanwhile is kept when it answers again. */
  readonly ledgerFails?: boolean;
  /** Notes cannot be read at PagerDuty for a part of the time: only a webhook tells of one. */
  readonly readsFail?: boolean;
  /** How long it lasts each time, and the pauses between: long enough for holds that it then meets. */
  readonly lasts: readonly [number, number];
  readonly pauses: readonly [number, number];
  /** So many incidents it opens by itself each time; 0 if left out. */
  readonly opens?: number;
  /** Begins, and answers with what ends it: only that takes away what it brought. */
  begin(stage: Stage): Promise<EndFault> | EndFault;
};

export const faults: readonly Fault[] = [
  { name: "none", what: "nothing is wrong", pages: true, takes: null, ...long, begin: () => () => {} },
  ...botFaults,
  ...restFaults,
  ...ledgerFaults,
  ...deliveryFaults,
  ...agentFaults,
  ...editFaults,
  ...stormFaults,
];

export type FaultName = Fault["name"];
export const faultNames: readonly string[] = faults.map(({ name }) => name);
