import type { Fault } from "../faults.ts";
import { MINUTE, SECOND } from "./durations.ts";

/** Many incidents within a short time, as it was played. */
export type Storm = { readonly from: number; readonly incidents: string[] };

/** What of them a person sees on a screen and takes within seconds: between the bot's read and its write. */
const TAKEN_AT_ONCE = 0.1;
const PEOPLE = ["PROBIN", "PALEX", "PSAM", "PKIM"] as const;
const TITLES = [
  "Packet loss between racks",
  "Health check of the load balancer failed",
  "Database connection pool exhausted",
  "Queue depth above limit",
] as const;

const storm = (incidents: number, seconds: number): Fault => ({
  name: `storm-${incidents}`,
  what: `${incidents.toLocaleString("en")} incidents in ${seconds} seconds, with PagerDuty's limits on requests`,
  pages: true,
  takes: null,
  lasts: [15 * MINUTE, 30 * MINUTE],
  pauses: [20 * MINUTE, 50 * MINUTE],
  opens: incidents,
  begin: ({ simulation: { clock, pagerduty }, account, random, storms }) => {
    const begun: Storm = { from: clock.now(), incidents: [] };
    storms.push(begun);
    const isTriggered = (id: string) => pagerduty.incident(id).status === "triggered";
    const own = new Set<string>();
    pagerduty.onNotified(({ incident, user, bot }) => {
      if (bot || !own.has(incident)) return;
      clock.schedule(clock.now() + random.whole(30, 600) * SECOND, () => {
        if (isTriggered(incident)) pagerduty.acknowledge(incident, user);
      });
    });
    const open = (i: number): void => {
      const serviceId = random.pick(account.services).id;
      const dedupKey = `storm ${begun.from} ${i}`;
      const { incident } = pagerduty.trigger({ serviceId, dedupKey, title: random.pick(TITLES) });
      if (incident === null) return;
      begun.incidents.push(incident);
      own.add(incident);
      if (random.chance(TAKEN_AT_ONCE))
        clock.schedule(clock.now() + random.whole(100, 8_000), () => {
          if (isTriggered(incident)) pagerduty.acknowledge(incident, random.pick(PEOPLE));
        });
      clock.schedule(clock.now() + random.between(15, 50) * MINUTE, () => {
        pagerduty.clear({ serviceId, dedupKey });
      });
    };
    for (let i = 0; i < incidents; i++)
      clock.schedule(begun.from + Math.floor(random.next() * seconds * SECOND), () => open(i));
    return () => {};
  },
});

export const stormFaults: readonly Fault[] = [storm(500, 30), storm(2_000, 60)];
