import type { SentRequest } from "@mrdata/pagerduty";
import { whileHeld } from "../discrete-clock.ts";
import { addNote, setPriority } from "./changes.ts";
import { createDeliveries } from "./deliveries.ts";
import { deliverBy } from "./delivery.ts";
import { createDirectory } from "./directory.ts";
import { directoryRoutes } from "./directory-routes.ts";
import type { PagerDutyDouble, PagerDutyDoubleOptions } from "./double-api.ts";
import { Refusal } from "./errors.ts";
import { createFaults } from "./faults.ts";
import { createIds, substream } from "./ids.ts";
import type { By } from "./incident.ts";
import { incidentRoutes } from "./incident-routes.ts";
import { viewOf } from "./incident-view.ts";
import { acknowledge, clear, reopen, resolve, snooze, unacknowledge } from "./incidents.ts";
import { merge } from "./merge.ts";
import { delegate, escalate, escalateOn, reassign } from "./ownership.ts";
import { type PublishedEvent, publishEvent } from "./publish.ts";
import { createReadLag } from "./read-lag.ts";
import { createRest, type RestCall, type RestRequest } from "./rest.ts";
import type { RestAnswer } from "./rest-answer.ts";
import { scheduleRoutes } from "./schedule-routes.ts";
import { serve, serveTls } from "./server.ts";
import { subscriptionRoutes } from "./subscription-routes.ts";
import { createSubscriptions } from "./subscriptions.ts";
import { trigger } from "./trigger.ts";
import { byUser, incidentOf, type Notification, type TimerRestart, type World } from "./world.ts";

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
