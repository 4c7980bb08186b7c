import type { Named, Period, RestPolicy } from "@mrdata/pagerduty";
import type { Rosters } from "./coverage.ts";
import type { ServiceFacts } from "./service-safety.ts";

/** Facts about an escalation policy with the bot on level 1. Null fields could not be read. */
export type PolicyFacts = {
  readonly policy: RestPolicy;
  /** PagerDuty id of the bot's user. */
  readonly bot: string;
  /** Ids of other users that are programs and wake nobody. */
  readonly automations: readonly string[];
  /** The hold window of the bot and its model, milliseconds. */
  readonly windowMs: number;
  /** Rosters of the schedules of this policy and of the fallback policy. */
  readonly rosters: Rosters;
  /** The look-ahead period, starting now. */
  readonly period: Period;
  /** All policies with the bot as a target, possibly including this one. */
  readonly botPolicies: readonly RestPolicy[] | null;
  /** All schedules with the bot on them. */
  readonly botSchedules: readonly Named[] | null;
  /** Ids of services that are armed or about to be: their policies may have the bot on level 1. */
  readonly armedServices: readonly string[];
  /** The policy used if this one reaches nobody. `unset`: none is configured; `missing`: it does not exist. */
  readonly fallback: RestPolicy | "unset" | "missing" | null;
  /** The services that use the policy, or are about to. */
  readonly services: readonly ServiceFacts[];
};

/** The longest allowed hold window (a second responder is usually paged after that). */
export const MAX_WINDOW_MS = 15 * 60_000;

export const minutes = (milliseconds: number): string => {
  const count = Math.round(milliseconds / 6_000) / 10;
  return count === 1 ? "1 minute" : `${count} minutes`;
};

export const nameOf = ({ id, name }: Named): string => (name === "" || name === id ? id : `${name} (${id})`);

export const listOf = (things: readonly Named[]): string => things.map(nameOf).join(", ");

/** A timestamp to the minute, in UTC. */
export const when = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
