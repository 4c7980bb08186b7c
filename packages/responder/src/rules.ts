import type { Mode } from "@mrdata/incident";

/** What the settings say of one service: what its guard rails go by. */
export type Rules = {
  readonly mode: Mode;
  /** Who disarmed the whole bot, when and why; null while nobody did. */
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
  /** The chance that a certificate may be wrong. */
  readonly certificate: { readonly delta: number };
  readonly maintenance: readonly {
    readonly service: string | null;
    readonly from: number;
    readonly to: number;
    readonly why: string;
  }[];
  /** Settings of guard rails that declare their own, by the guard rail's name. */
  readonly rails: Readonly<Record<string, unknown>>;
};
