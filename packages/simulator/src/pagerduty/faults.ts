/** What is wrong with PagerDuty at the moment. Durations are milliseconds of the clock. */
export type FaultSettings = {
  /**
   * `hang` never answers and does nothing; `applied-not-answered` does what it was asked to and closes the connection
   * without a word; `conflict` refuses changes of incidents with code 1005.
   */
  readonly rest: "ok" | "429" | "500" | "hang" | "applied-not-answered" | "conflict";
  /** Only these endpoints are refused, by the path of the request; null for none. */
  readonly refuse: { readonly path: RegExp; readonly status: number } | null;
  /** Share of the requests that meet the fault. */
  readonly restProbability: number;
  readonly restLatency: number;
  /** How far PagerDuty's clock is ahead of the world's, as the `Date` of its answers tells it. */
  readonly clockAhead: number;
  /**
   * `duplicate` delivers again up to `webhookDelay` later, `delay` delivers `webhookDelay` later, `unordered` delivers
   * up to `webhookDelay` later and in any order, `stopped` keeps webhooks back until that changes, `lost` loses them.
   */
  readonly webhooks: "ok" | "duplicate" | "delay" | "unordered" | "stopped" | "lost";
  /** Share of the webhooks that meet the fault; `stopped` stops all. */
  readonly webhookProbability: number;
  readonly webhookDelay: number;
  /** How long every webhook takes, fault or not. */
  readonly webhookLatency: number;
};

export type Faults = {
  now(): FaultSettings;
  /** Changes what is named and leaves the rest. */
  set(change: Partial<FaultSettings>): void;
  onChange(listener: () => void): void;
  /** What meets the next REST request, by its probability. */
  drawRest(): FaultSettings["rest"];
  drawWebhook(): FaultSettings["webhooks"];
  /** In [0, 1): for whatever else faults leave to chance. */
  random(): number;
};

const none: FaultSettings = {
  rest: "ok",
  refuse: null,
  restProbability: 1,
  restLatency: 0,
  clockAhead: 0,
  webhooks: "ok",
  webhookProbability: 1,
  webhookDelay: 60_000,
  webhookLatency: 0,
};

export function createFaults(random: () => number): Faults {
  let settings = none;
  const listeners: (() => void)[] = [];
  return {
    now: () => settings,
    set(change) {
      settings = { ...settings, ...change };
      for (const listener of listeners) listener();
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
    drawRest: () => (settings.rest !== "ok" && random() < settings.restProbability ? settings.rest : "ok"),
    drawWebhook: () =>
      settings.webhooks !== "ok" && random() < settings.webhookProbability ? settings.webhooks : "ok",
    random,
  };
}
