import type { LedgerGrants, SecretName } from "@mrdata/platform";

/** What a function may be given. The running function gets these ports and no others, and the cloud the same grants. */
export type Need =
  | { readonly publish: string }
  /** By capability, so that a function has the calls that it is for; the cloud knows only whether any of them writes. */
  | { readonly ledger: LedgerGrants }
  | { readonly secret: SecretName }
  /** `write` also publishes versions, and keeps what the tasks of a training leave. */
  | { readonly model: "read" | "write" }
  /** The files of the history bucket. Granted only where setting `historyImport` is on. */
  | { readonly history: "read" }
  /** The endpoint that serves the model version. Granted only where setting `hosting` is endpoint. */
  | { readonly endpoint: "predict" };

export type Trigger =
  /** Open to the world: the signature is what guards it. */
  | { readonly kind: "webhook" }
  /** Pushed to by one subscription, privately. */
  | { readonly kind: "push"; readonly subscription: string; readonly topic: string }
  /** Called by the scheduler, privately; `cron` in UTC. */
  | { readonly kind: "schedule"; readonly cron: string }
  /** Asked by people: whoever the stack's settings name may call it, from outside too, and nobody else. */
  | { readonly kind: "people" };

/** What is declared of a function, beside its code. */
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
   * False where no page depends on it: what it does can wait, its errors are tried again, and what comes of them is told by events
   * of its own. True if left out.
   */
  readonly wakesPeople?: boolean;
  /** How long Pub/Sub waits for an answer before it pushes again, seconds; as everywhere if left out. */
  readonly ackDeadlineSeconds?: number;
  /** What it means for pages that it fails: whoever the alarm wakes has this to go by. */
  readonly whileItFails: string;
};
