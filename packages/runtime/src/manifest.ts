import type { LedgerGrants, SecretName } from "@mrdata/platform";

/** The needs of a function. The running function gets exactly these ports, and in the cloud exactly the matching grants. */
export type Need =
  | { readonly publish: string }
  /** By capability, so that a function has only the calls that it needs; in the cloud the grant only depends on whether any of them writes. */
  | { readonly ledger: LedgerGrants }
  | { readonly secret: SecretName }
  /** `write` also publishes versions, and stores the results of a training's tasks. */
  | { readonly model: "read" | "write" }
  /** The files of the history bucket. Granted only where setting `historyImport` is on. */
  | { readonly history: "read" }
  /** The endpoint that serves the model version. Granted only where setting `hosting` is endpoint. */
  | { readonly endpoint: "predict" };

export type Trigger =
  /** Public: requests are authenticated by their signature. */
  | { readonly kind: "webhook" }
  /** Pushed to by one subscription, privately. */
  | { readonly kind: "push"; readonly subscription: string; readonly topic: string }
  /** Called by the scheduler, privately; `cron` in UTC. */
  | { readonly kind: "schedule"; readonly cron: string }
  /** Called by people: only those that the stack's settings name, but also from outside. */
  | { readonly kind: "people" };

/** The declaration of a function, next to its code. */
export type Manifest = {
  readonly name: string;
  readonly trigger: Trigger;
  readonly needs: readonly Need[];
  readonly size: {
    readonly memory: `${number}Mi`;
    readonly cpu: number;
    /** Requests that one instance handles at a time. */
    readonly concurrency: number;
    readonly maxInstances: number;
    readonly timeoutSeconds: number;
  };
  /**
   * False if no page depends on it: its work can wait, its errors are retried, and it reports persistent ones by
   * its own log events. True if absent.
   */
  readonly wakesPeople?: boolean;
  /** How long Pub/Sub waits for an answer before it pushes again, seconds; the common default if absent. */
  readonly ackDeadlineSeconds?: number;
  /** What a failure means for pages, for the person whom the alarm wakes. */
  readonly whileItFails: string;
};
