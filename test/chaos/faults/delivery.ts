import type { Fault } from "../faults.ts";
import { HOUR, long, MINUTE, SECOND } from "./durations.ts";

/** So long after an incident has come to the bot its decision is stored. */
const UNTIL_DECIDED = 5 * SECOND;
/** Where nothing is held for so long, webhooks stop all the same. */
const MAX_WAIT = 20 * MINUTE;

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
    // The check that finds it disarms within a quarter of an hour: what happens until then is to happen often.
    lasts: [30 * MINUTE, 2 * HOUR],
    pauses: long.pauses,
    begin: ({ simulation: { pagerduty, subscriptionId, clock, ledger }, random, sayDisarmOn }) => {
      const begunAt = clock.now();
      const offBy = random.pick([{ active: false }, { disabledUntil: begunAt + 24 * HOUR }]);
      const switchOff = (): void => pagerduty.setSubscription(subscriptionId, offBy);
      let stop = (): void => {};
      // What a person says then is told by nothing but the sweep: on what it has heard nothing of, or on what is held.
      const sayOnTheNext = (): void => {
        stop = pagerduty.onNotified(({ incident, bot, why }) => {
          if (!bot || why !== "assigned") return;
          stop();
          sayDisarmOn(incident);
        });
      };
      const switchOffAtAHold = async (incident: string, watched: () => void): Promise<void> => {
        const prediction = await ledger.prediction(incident);
        if (stop !== watched) return;
        const isHeld = prediction !== null && prediction.holdUntil !== null && !prediction.ended;
        if (!isHeld && clock.now() < begunAt + MAX_WAIT) return;
        stop();
        stop = () => {};
        switchOff();
        if (isHeld) sayDisarmOn(incident);
      };
      if (random.chance(0.5)) {
        switchOff();
        sayOnTheNext();
      } else {
        const watched = pagerduty.onNotified(({ incident, bot, why }) => {
          if (bot && why === "assigned")
            clock.schedule(clock.now() + UNTIL_DECIDED, () => switchOffAtAHold(incident, watched));
        });
        stop = watched;
      }
      return () => {
        stop();
        stop = () => {};
        pagerduty.setSubscription(subscriptionId, { active: true, disabledUntil: null });
      };
    },
  },
];
