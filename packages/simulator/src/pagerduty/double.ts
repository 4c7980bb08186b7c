import type { Send, SentRequest } from "@mrdata/pagerduty";
import { type DiscreteClock, whileHeld } from "../discrete-clock.ts";
import type {
  AccountDescription,
  PolicyDescription,
  ScheduleDescription,
  ServiceDescription,
  UserDescription,
} from "./account.ts";
import { addNote, setPriority } from "./changes.ts";
import { createDeliveries, type DeliveryAttempt } from "./deliveries.ts";
import { type DeliverRequest, deliverBy } from "./delivery.ts";
import { createDirectory } from "./directory.ts";
import { directoryRoutes } from "./directory-routes.ts";
import { Refusal } from "./errors.ts";
import { createFaults, type FaultSettings, type RestFault } from "./faults.ts";
import { createIds, substream } from "./ids.ts";
import { assigneesOf, type By, type Incident, type Status, type Urgency } from "./incident.ts";
import { incidentRoutes } from "./incident-routes.ts";
import { acknowledge, clear, reopen, resolve, snooze, unacknowledge } from "./incidents.ts";
import { merge } from "./merge.ts";
import { delegate, escalate, escalateOn, reassign } from "./ownership.ts";
import { type PublishedEvent, publishEvent } from "./publish.ts";
import { createReadLag } from "./read-lag.ts";
import { createRest, type RestCall, type RestRequest } from "./rest.ts";
import type { RestAnswer } from "./rest-answer.ts";
import { scheduleRoutes } from "./schedule-routes.ts";
import { type RestHandler, type RunningServer, type RunningTlsServer, serve, serveTls } from "./server.ts";
import { subscriptionRoutes } from "./subscription-routes.ts";
import { createSubscriptions, type NewSubscription, type SubscriptionChange } from "./subscriptions.ts";
import { type Trigger, type TriggerResult, trigger } from "./trigger.ts";
import { byUser, incidentOf, type Notification, type TimerRestart, type World } from "./world.ts";

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

/** An incident as it stands, for simulated people and for tests. Times are milliseconds since the epoch. */
export type IncidentView = {
  readonly id: string;
  readonly number: number;
  readonly service: string;
  readonly title: string;
  readonly status: Status;
  readonly urgency: Urgency;
  readonly priority: string | null;
  readonly policy: string;
  readonly level: number;
  readonly assignees: readonly string[];
  readonly assignedVia: Incident["assignedVia"];
  readonly createdAt: number;
  readonly resolvedAt: number | null;
  readonly mergedInto: string | null;
  readonly notes: readonly string[];
};

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

/**
 * A PagerDuty that keeps PagerDuty's rules, on a discrete clock: the same seed and the same doings give the same
 * webhooks byte for byte. Throws RangeError for an account that PagerDuty would not accept.
 */
export function createPagerDutyDouble(options: PagerDutyDoubleOptions): PagerDutyDouble {
  const { clock, account, random, requestsPerMinute = 960 } = options;
  const ids = createIds(substream(random));
  const faults = createFaults(substream(random));
  const directory = createDirectory(account);
  const subscriptions = createSubscriptions(ids);
  const send = deliverBy(options.fetch ?? fetch);
  const deliver =
    options.deliverWebhook ?? ((request, signal) => whileHeld(clock, () => send(request, signal)));
  const deliveries = createDeliveries({ clock, ids, subscriptions, faults, deliver });
  const notifications: Notification[] = [];
  const events: PublishedEvent[] = [];
  const listeners = new Set<(notification: Notification) => void>();
  const timerRestarts: TimerRestart[] = [];
  const callListeners = new Set<(call: RestCall) => void>();
  const readLag = createReadLag(clock, faults);

  const world: World = {
    clock,
    ids,
    directory,
    incidents: new Map(),
    open: new Map(),
    openAlerts: new Map(),
    reader: readLag.reader,
    bulkRefusal: () => faults.now().bulkRefusal,
    noteRestart: (restart) => {
      timerRestarts.push(restart);
    },
    changeEvents: [],
    publish: (incident, type, by, note) => {
      readLag.note(incident);
      events.push(publishEvent(world, deliveries, incident, type, by, note));
    },
    notify(notification) {
      notifications.push(notification);
      // Later, so that a listener that acts at once does not act in the middle of a change.
      clock.schedule(clock.now(), () => {
        for (const listener of listeners) listener(notification);
      });
    },
  };

  const handle = createRest(
    world,
    faults,
    [
      ...incidentRoutes,
      ...directoryRoutes,
      ...scheduleRoutes,
      ...subscriptionRoutes(subscriptions, deliveries, world),
    ],
    requestsPerMinute,
    (call) => {
      for (const listener of callListeners) listener(call);
    },
  );

  const handleWeb = async (request: Request): Promise<Response> => (await handle(request)).toResponse();
  const unlessAborted = (request: RestRequest): Promise<RestAnswer> => {
    const aborted = abortion(request.signal);
    return Promise.race([handle(request), aborted.happens]).finally(aborted.forget);
  };

  const byPerson = (incident: string, user: string, action: (by: By) => void): boolean => {
    incidentOf(world, incident);
    const by = byUser(world, user, "website");
    try {
      action(by);
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  };

  return {
    trigger: (event) => trigger(world, event),
    clear: ({ serviceId, dedupKey }) => clear(world, serviceId, dedupKey)?.id ?? null,

    acknowledge: (id, user) => byPerson(id, user, (by) => acknowledge(world, id, user, by)),
    unacknowledge: (id, user) => byPerson(id, user, (by) => unacknowledge(world, id, by)),
    resolve: (id, user, resolutionNote) =>
      byPerson(id, user, (by) => {
        if (resolutionNote !== undefined && incidentOf(world, id).status !== "resolved")
          addNote(world, id, `Resolution Note: ${resolutionNote}`, user, by);
        resolve(world, id, by);
      }),
    reopen: (id, user) => byPerson(id, user, (by) => reopen(world, incidentOf(world, id), by)),
    snooze: (id, user, seconds) => byPerson(id, user, (by) => snooze(world, id, seconds, by)),
    addNote: (id, user, content) => byPerson(id, user, (by) => addNote(world, id, content, user, by)),
    reassign: (id, user, to) => byPerson(id, user, (by) => reassign(world, id, to, by)),
    escalate: (id, user, level) =>
      byPerson(id, user, (by) =>
        level === undefined ? escalateOn(world, id, by) : escalate(world, id, level, by),
      ),
    delegate: (id, user, policy) => byPerson(id, user, (by) => delegate(world, id, policy, by)),
    merge: (target, sources, user) => byPerson(target, user, (by) => merge(world, target, sources, by)),
    setPriority: (id, user, priority) => byPerson(id, user, (by) => setPriority(world, id, priority, by)),

    incident: (id) => viewOf(incidentOf(world, id)),
    incidents: () => [...world.incidents.values()].map(viewOf),
    notifications,
    onNotified(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    events,
    timerRestarts,
    onRestCall(listener) {
      callListeners.add(listener);
      return () => callListeners.delete(listener);
    },
    deliveries: deliveries.attempts,
    webhooksWaiting: () => deliveries.waiting(),

    subscribe: (wanted) => {
      const { id, secret } = subscriptions.create(wanted);
      return { id, secret };
    },
    setPolicy: (policy) => directory.setPolicy(policy),
    setService: (service) => directory.setService(service),
    setSchedule: (schedule) => directory.setSchedule(schedule),
    setUser: (user) => directory.setUser(user),
    removeUser: (id) => directory.removeUser(id),
    setSubscription(id, change) {
      subscriptions.update(id, change);
    },
    removeSubscription(id) {
      subscriptions.remove(id);
    },
    addMaintenance({ services, start, end }) {
      const id = ids.object("W");
      directory.maintenance.set(id, { id, start, end, services, description: "Planned maintenance" });
      return id;
    },
    faults: {
      set: (change) => faults.set(change),
      now: () => faults.now(),
      add: (fault) => faults.add(fault),
    },

    handle: handleWeb,
    fetch: async (input, init) => (await unlessAborted(new Request(input, init))).toResponse(),
    // What is aborted rejects by itself: it waits for nothing but the clock, with the request's signal.
    send: async (url, request) => {
      request.signal.throwIfAborted();
      return handle(plain(url, request));
    },
    listen: (through = (one) => one) => serve(through(handle)),
    listenTls: (through = (one) => one) => serveTls(through(handle)),
  };
}

const plain = (url: string, { method, headers, body = "", signal }: SentRequest): RestRequest => ({
  method,
  url,
  headers: { get: (name) => headers[name.toLowerCase()] ?? null },
  signal,
  text: async () => body,
});

/** Rejects when the signal aborts, unless it is forgotten before. */
function abortion(signal: AbortSignal): { readonly happens: Promise<never>; forget(): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  return { happens: promise, forget: () => signal.removeEventListener("abort", stop) };
}

const viewOf = (incident: Incident): IncidentView => ({
  id: incident.id,
  number: incident.number,
  service: incident.service,
  title: incident.title,
  status: incident.status,
  urgency: incident.urgency,
  priority: incident.priority,
  policy: incident.policy.id,
  level: incident.level,
  assignees: assigneesOf(incident),
  assignedVia: incident.assignedVia,
  createdAt: incident.createdAt,
  resolvedAt: incident.resolvedAt,
  mergedInto: incident.mergedInto,
  notes: incident.notes.map(({ content }) => content),
});
