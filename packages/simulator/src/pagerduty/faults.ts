/** What is wrong with PagerDuty at the moment. Durations are milliseconds of the clock. */
export type FaultSettings = {
  /**
   * `hang` never answers and does nothing; `applied-not-answered` does what it was asked to and closes the connection
   * without a word; `conflict` refuses changes of incidents with code 1005.
   */
  readonly rest: "ok" | "429" | "500" | "hang" | "applied-not-answered" | "conflict";
  /** Share of the requests that meet the fault. Further faults, of some endpoints alone too, stand beside it: `add`. */
  readonly restProbability: number;
  readonly restLatency: number;
  /** How far back a read of an incident may lag, at random; lists lag as much. */
  readonly readLag: number;
  /**
   * How PUT /incidents refuses some of its incidents, which PagerDuty does not document: `all` refuses all for the sake
   * of one, `rest` what comes after the first that it refuses, `told` answers 200 with those that it changed, `untold`
   * changes all that it can and answers with the refusal.
   */
  readonly bulkRefusal: "all" | "rest" | "told" | "untold";
  /** How far PagerDuty's clock is ahead of the world's, as the `Date` header of its answers shows. */
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

/** One thing that is wrong with REST requests, beside others. */
export type RestFault = {
  /** As `rest` of the settings; `403` and `404` refuse as for want of rights, or as if there were nothing. */
  readonly kind: "429" | "500" | "403" | "404" | "hang" | "applied-not-answered";
  /** Share of the requests that meet it. */
  readonly probability: number;
  /** Only of these: `GET`, `/incidents/:id/notes`. All requests if left out. */
  readonly endpoint?: { readonly method: string; readonly path: string };
};

export type Faults = {
  now(): FaultSettings;
  /** Changes what is named and leaves the rest. */
  set(change: Partial<FaultSettings>): void;
  onChange(listener: () => void): void;
  /** Stands beside the others until the returned function is called. */
  add(fault: RestFault): () => void;
  /** What meets a REST request, by its probability: the first that keeps it from being done, else what comes after. */
  drawRest(method: string, path: string): FaultSettings["rest"] | RestFault["kind"];
  drawWebhook(): FaultSettings["webhooks"];
  /** In [0, 1): for whatever else faults leave to chance. */
  random(): number;
};

const none: FaultSettings = {
  rest: "ok",
  restProbability: 1,
  restLatency: 0,
  readLag: 0,
  bulkRefusal: "rest",
  clockAhead: 0,
  webhooks: "ok",
  webhookProbability: 1,
  webhookDelay: 60_000,
  webhookLatency: 0,
};

export function createFaults(random: () => number): Faults {
  let settings = none;
  const listeners: (() => void)[] = [];
  const added = new Set<{
    readonly fault: RestFault;
    readonly meets: (method: string, path: string) => boolean;
  }>();
  return {
    now: () => settings,
    set(change) {
      settings = { ...settings, ...change };
      for (const listener of listeners) listener();
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
    add(fault) {
      const one = { fault, meets: endpointTest(fault) };
      added.add(one);
      return () => added.delete(one);
    },
    drawRest(method, path) {
      const drawn = settings.rest !== "ok" && random() < settings.restProbability ? settings.rest : "ok";
      if (isBefore(drawn)) return drawn;
      let after: FaultSettings["rest"] | RestFault["kind"] = drawn;
      for (const { fault, meets } of added) {
        if (!meets(method, path) || random() >= fault.probability) continue;
        if (isBefore(fault.kind)) return fault.kind;
        after = fault.kind;
      }
      return after;
    },
    drawWebhook: () =>
      settings.webhooks !== "ok" && random() < settings.webhookProbability ? settings.webhooks : "ok",
    random,
  };
}

/** Whether the request is never done. */
const isBefore = (kind: FaultSettings["rest"] | RestFault["kind"]): boolean =>
  kind !== "ok" && kind !== "applied-not-answered" && kind !== "conflict";

function endpointTest({ endpoint }: RestFault): (method: string, path: string) => boolean {
  if (endpoint === undefined) return () => true;
  const wanted = endpoint.path.split("/");
  return (method, path) => {
    const given = path.split("/");
    return (
      method === endpoint.method &&
      given.length === wanted.length &&
      wanted.every((segment, i) => segment === ":id" || segment === given[i])
    );
  };
}
