import type { Mode } from "@mrdata/incident";

/** The settings of one service that its guard rails use. */
export type Rules = {
  readonly mode: Mode;
  /** Who disarmed the whole bot, when and why; null unless it is disarmed. */
  readonly disarmed: { readonly why: string; readonly who: string; readonly at: number } | null;
  /** PagerDuty id of the policy that the service is armed with. */
  readonly policy: string | null;
  readonly neverHold: {
    readonly services: readonly string[];
    readonly priorities: readonly string[];
    readonly urgencies: readonly string[];
    readonly titles: readonly string[];
  };
  readonly hours: {
    readonly zone: string;
    readonly from: string;
    readonly to: string;
    readonly days: readonly number[] | null;
  } | null;
  readonly caps: { readonly service: number; readonly all: number };
  readonly novelty: number;
  readonly history: number;
  readonly storm: { readonly seconds: number; readonly least: number; readonly times: number };
  readonly control: number;
  readonly missBudget: number;
  /** The accepted probability that a certificate is wrong, from 0 to 1. */
  readonly certificate: { readonly delta: number };
  readonly maintenance: readonly {
    readonly service: string | null;
    readonly from: number;
    readonly to: number;
    readonly why: string;
  }[];
  /** Settings that guard rails declare themselves, by the guard rail's name. */
  readonly rails: Readonly<Record<string, unknown>>;
};
