import type { Send } from "@mrdata/pagerduty";
import type { DiscreteClock } from "../discrete-clock.ts";
import type {
  AccountDescription,
  PolicyDescription,
  ScheduleDescription,
  ServiceDescription,
  UserDescription,
} from "./account.ts";
import type { DeliveryAttempt } from "./deliveries.ts";
import type { DeliverRequest } from "./delivery.ts";
import type { FaultSettings, RestFault } from "./faults.ts";
import type { IncidentView } from "./incident-view.ts";
import type { PublishedEvent } from "./publish.ts";
import type { RestCall } from "./rest.ts";
import type { RestHandler, RunningServer, RunningTlsServer } from "./server.ts";
import type { NewSubscription, SubscriptionChange } from "./subscriptions.ts";
import type { Trigger, TriggerResult } from "./trigger.ts";
import type { Notification, TimerRestart } from "./world.ts";

/** What a double is made of. */
export type PagerDutyDoubleOptions = {
  readonly clock: DiscreteClock;
  readonly account: AccountDescription;
  /** Seeded, in [0, 1): names, secrets, and what faults leave to chance. */
  readonly random: () => number;
  /**
   * Brings webhooks to their receiver in this process. Time is not held meanwhile: what does input or output there
   * holds the clock itself. Without it they go out by `fetch`, and time stands still until it answers.
   */
  readonly deliverWebhook?: DeliverRequest;
  readonly fetch?: typeof fetch;
  /** Of one API key; 960 at PagerDuty. */
  readonly requestsPerMinute?: number;
};

/** What tests, simulated people and monitors may do with a double, and see of it. */
export type PagerDutyDouble = {
  /** A monitor raises an alarm, or sees recovery; `clear` answers with the incident, null if none was open. */
  trigger(event: Trigger): TriggerResult;
  clear(alert: { readonly serviceId: string; readonly dedupKey: string }): string | null;

  /**
   * What people do in the web application. False where PagerDuty refuses: it is resolved already, somebody else was
   * faster. Unknown incidents and users throw a Refusal.
   */
  acknowledge(incident: string, user: string): boolean;
  unacknowledge(incident: string, user: string): boolean;
  /** A resolution note comes as `Resolution Note: …`, before the resolution. */
  resolve(incident: string, user: string, resolutionNote?: string): boolean;
  reopen(incident: string, user: string): boolean;
  snooze(incident: string, user: string, seconds: number): boolean;
  addNote(incident: string, user: string, content: string): boolean;
  reassign(incident: string, user: string, to: readonly string[]): boolean;
  /** To the next level with somebody on call, or to `level`. */
  escalate(incident: string, user: string, level?: number): boolean;
  delegate(incident: string, user: string, policy: string): boolean;
  merge(target: string, sources: readonly string[], user: string): boolean;
  setPriority(incident: string, user: string, priority: string | null): boolean;

  incident(id: string): IncidentView;
  incidents(): readonly IncidentView[];
  /** Every assignment of which a user was notified, bots' included and marked. */
  readonly notifications: readonly Notification[];
  /** Listeners are called when the change that caused it is complete, at the same time of the clock. Returns an end to it. */
  onNotified(listener: (notification: Notification) => void): () => void;
  readonly events: readonly PublishedEvent[];
  /** Changes by REST after which an incident was a program's alone, though another level or policy was asked for. */
  readonly timerRestarts: readonly TimerRestart[];
  /** Called with every REST request when it is answered, or will not be. Returns an end to it. */
  onRestCall(listener: (call: RestCall) => void): () => void;
  readonly deliveries: readonly DeliveryAttempt[];
  webhooksWaiting(): number;

  /** As POST /webhook_subscriptions; the secret may be given. */
  subscribe(subscription: NewSubscription): { readonly id: string; readonly secret: string };
  setPolicy(policy: PolicyDescription): void;
  setService(service: ServiceDescription): void;
  setSchedule(schedule: ScheduleDescription): void;
  setUser(user: UserDescription): void;
  removeUser(id: string): void;
  /** What a person, or PagerDuty itself, does to a subscription; the secret may change too, as no API allows. */
  setSubscription(id: string, change: SubscriptionChange): void;
  removeSubscription(id: string): void;
  addMaintenance(window: {
    readonly services: readonly string[];
    readonly start: number;
    readonly end: number;
  }): string;
  readonly faults: {
    set(change: Partial<FaultSettings>): void;
    now(): FaultSettings;
    /** One more thing that is wrong with REST requests, until the returned function is called. */
    add(fault: RestFault): () => void;
  };

  /** The REST API and the Events API (`/v2/enqueue`); see `createRest`. */
  handle(request: Request): Promise<Response>;
  /** The same as a `fetch` for clients in this process. */
  readonly fetch: typeof fetch;
  /** And as our own client asks it: a `fetch` without Requests, Responses and their streams. */
  readonly send: Send;
  /**
   * The same over HTTP on 127.0.0.1. A client that holds the clock over its requests cannot meet `hang` or
   * `restLatency` here without stopping time: it uses `fetch` above. `through` stands before the handler.
   */
  listen(through?: (handle: RestHandler) => RestHandler): Promise<RunningServer>;
  /** The same over HTTPS, with a certificate that is made at start. */
  listenTls(through?: (handle: RestHandler) => RestHandler): Promise<RunningTlsServer>;
};
