import type { Fault } from "../faults.ts";
import { HOUR, long, MINUTE, SECOND } from "./durations.ts";

/** What is wrong on the way of a webhook to the functions. */
export const deliveryFaults: readonly Fault[] = [
  {
    name: "bus-disorder",
    what: "the bus and the webhooks come twice, up to 20 seconds late each, and in any order",
    pages: true,
    takes: null,
    ...long,
    begin: ({ simulation: { bus, pagerduty } }) => {
      bus.setFaults({
        duplicate: 0.3,
        latestDuplicate: 20 * MINUTE,
        delay: 0.3,
        latest: 20 * SECOND,
        refuse: 0.05,
      });
      pagerduty.faults.set({ webhooks: "unordered", webhookProbability: 0.3, webhookDelay: 15 * SECOND });
      return () => {
        bus.setFaults({ duplicate: 0, latestDuplicate: 0, delay: 0, latest: 0, refuse: 0 });
        pagerduty.faults.set({ webhooks: "ok" });
      };
    },
  },
  {
    name: "webhooks-stop",
    what: "the webhook subscription is switched off: the sweep is all there is",
    pages: true,
    takes: null,
    ...long,
    begin: ({ simulation: { pagerduty, subscriptionId, clock }, random }) => {
      pagerduty.setSubscription(
        subscriptionId,
        random.chance(0.5) ? { active: false } : { disabledUntil: clock.now() + 24 * HOUR },
      );
      return () => pagerduty.setSubscription(subscriptionId, { active: true, disabledUntil: null });
    },
  },
];
