import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock, DeadLetter, Ledger } from "@mrdata/platform";
import type { PastIncident } from "@mrdata/responder";
import type { Check } from "./safety/index.ts";
import type { VerifiedModelCard } from "./verified-model-cards.ts";

/** The reads of PagerDuty that the checks need, and the ping of a subscription. */
export type CheckedPagerDuty = Pick<
  PagerDuty,
  | "getUser"
  | "listContactMethods"
  | "listNotificationRules"
  | "getLicense"
  | "getEscalationPolicy"
  | "listEscalationPolicies"
  | "listSchedules"
  | "getSchedule"
  | "listOnCalls"
  | "getService"
  | "longestSuspension"
  | "longestGlobalSuspension"
  | "listSubscriptions"
  | "pingSubscription"
  | "clockAhead"
  | "writeAccess"
>;

export type CheckPorts = {
  /** Null while no token is configured. */
  readonly pagerduty: CheckedPagerDuty | null;
  readonly ledger: Pick<Ledger, "alias" | "lastSeen" | "settings">;
  readonly cardOf: VerifiedModelCard;
  readonly clock: Clock;
  /** Null where nobody here may read them: then an alert policy watches over them. */
  readonly deadLetters: (() => Promise<readonly DeadLetter[]>) | null;
  /** What is left of the miss budget, as a check; null where it is not asked for. */
  readonly budget: (() => Promise<Check>) | null;
  /** The incidents of the last 30 days, for what programs do to them; null where they are not asked for. */
  readonly history: (() => Promise<readonly PastIncident[]>) | null;
  /**
   * Sends a signed ping of our own to the webhook URL, and answers with the HTTP status, or null if there was no
   * answer; null where the signing secret is not at hand.
   */
  readonly probe: (() => Promise<number | null>) | null;
};

/** A service and the policy that it is armed under, or about to be. */
export type Post = { readonly service: string; readonly policy: string };

export type CheckOptions = {
  /** What is armed or about to be. Every post is looked at. */
  readonly posts: readonly Post[];
  /** Policies that are looked at even if none of the posts is under them. */
  readonly policies?: readonly string[];
  /** Other services that are armed: the bot may be on their policies, which are not looked at here. */
  readonly otherArmedServices?: readonly string[];
  /** What was armed once and is not now: that the bot is still on a policy there is told, and held against nobody. */
  readonly previouslyArmed?: readonly Post[];
  readonly bot: string | null;
  readonly automations: readonly string[];
  /** E-mail of the bot's user. */
  readonly from: string | null;
  /** The hold window that the functions work with, milliseconds. */
  readonly window: number;
  readonly maxModelAge: number;
  readonly fallbackPolicy: string | null;
  /** The URL that PagerDuty's webhooks come to; null where it is not known here. */
  readonly webhookUrl: string | null;
  /**
   * Whether every shift-based schedule is read for the bot among its members, a call each. If not, it is found on those
   * by which it is on call within the time that is looked ahead.
   */
  readonly everySchedule: boolean;
  /** How far ahead schedules are looked at for gaps, milliseconds. */
  readonly lookAhead: number;
  /** How long a ping may take from PagerDuty into the ledger, milliseconds. */
  readonly pingWait: number;
  /**
   * For checks that come round again: a ping that is late is no failure while the last one that came through is
   * younger than so many milliseconds. Left out, it is one.
   */
  readonly pingPatience?: number;
};

const DAY = 86_400_000;

/** Four weeks see every rotation once; a ping usually takes a second. */
export const defaultLimits = { lookAhead: 28 * DAY, pingWait: 20_000, everySchedule: true } as const;
