import type { Fault } from "../faults.ts";
import { HOUR, long, MINUTE, SECOND } from "./durations.ts";

/** So long after an incident has come to the bot its decision is stored. */
const UNTIL_DECIDED = 5 * SECOND;
/** Where nothing is held for so long, webhooks stop all the same. */
const LONGEST_WAIT = 20 * MINUTE;

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
    begin: ({ simulation: { pagerduty, subscriptionId, clock, ledger }, random, sayDisarmOn }) => {
      const begunAt = clock.now();
      let isOver = false;
      let isOff = false;
      const switchOff = (): void => {
        isOff = true;
        pagerduty.setSubscription(
          subscriptionId,
          random.chance(0.5) ? { active: false } : { disabledUntil: clock.now() + 24 * HOUR },
        );
      };
      // Once something is held: what a person says on it is then told by nothing but the sweep.
      const lookAt = async (incident: string): Promise<void> => {
        const prediction = await ledger.prediction(incident);
        if (isOver || isOff) return;
        const isHeld = prediction !== null && prediction.holdUntil !== null && !prediction.ended;
        if (!isHeld && clock.now() < begunAt + LONGEST_WAIT) return;
        switchOff();
        if (isHeld) sayDisarmOn(incident);
      };
      const stop = pagerduty.onNotified(({ incident, bot, why }) => {
        if (bot && why === "assigned") clock.schedule(clock.now() + UNTIL_DECIDED, () => lookAt(incident));
      });
      return () => {
        isOver = true;
        stop();
        pagerduty.setSubscription(subscriptionId, { active: true, disabledUntil: null });
      };
    },
  },
];
