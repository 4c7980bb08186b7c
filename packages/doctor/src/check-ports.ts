import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock, DeadLetter, Ledger } from "@mrdata/platform";
import type { PastIncident } from "@mrdata/responder";
import type { Check } from "./safety/index.ts";
import type { VerifiedModelCard } from "./verified-model-cards.ts";

/** The PagerDuty calls that the checks need: reads, and the ping of a subscription. */
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
  /** Null if they may not be read here: then an alert policy watches them. */
  readonly deadLetters: (() => Promise<readonly DeadLetter[]>) | null;
  /** The remaining miss budget, as a check; null to skip it. */
  readonly budget: (() => Promise<Check>) | null;
  /** The incidents of the last 30 days, to detect programs that act on them; null to skip that. */
  readonly history: (() => Promise<readonly PastIncident[]>) | null;
  /**
   * Sends a signed ping of our own to the webhook URL; resolves to the HTTP status, or null without a response. Null if the signing secret
   * is not available.
   */
  readonly probe: (() => Promise<number | null>) | null;
};

/** A service and the policy that it is armed under, or about to be. */
export type ArmedService = { readonly service: string; readonly policy: string };

export type CheckOptions = {
  /** The services to check: armed, or about to be. */
  readonly armed: readonly ArmedService[];
  /** Further policies to check, even if none of the services is under them. */
  readonly policies?: readonly string[];
  /** Other armed services, whose policies are not checked here and may have the bot on them. */
  readonly otherArmedServices?: readonly string[];
  /** Services that were armed once: if the bot is still on a policy of theirs, that is reported but fails nothing. */
  readonly previouslyArmed?: readonly ArmedService[];
  readonly bot: string | null;
  readonly automations: readonly string[];
  /** E-mail address of the bot's user. */
  readonly from: string | null;
  /** The hold window that the functions work with, milliseconds. */
  readonly windowMs: number;
  readonly maxModelAge: number;
  readonly fallbackPolicy: string | null;
  /** The URL that receives PagerDuty's webhooks; null if not known here. */
  readonly webhookUrl: string | null;
  /**
   * Whether to read every shift-based schedule, one call each, to find the bot among its members. If not, the bot is only found on
   * schedules by which it is on call within `lookAhead`.
   */
  readonly everySchedule: boolean;
  /** How far ahead schedules are checked for gaps, milliseconds. */
  readonly lookAhead: number;
  /** How long a ping may take from PagerDuty to the ledger, milliseconds. */
  readonly pingWait: number;
  /**
   * For periodic checks: a late ping is no failure while the last successful one is more recent than this, milliseconds. Default: 0.
   */
  readonly pingPatience?: number;
};

const DAY_MS = 86_400_000;

/** Four weeks cover every usual rotation; a ping usually takes a second. */
export const defaultLimits = { lookAhead: 28 * DAY_MS, pingWait: 20_000, everySchedule: true } as const;
