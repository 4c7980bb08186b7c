import { neededEvents } from "@mrdata/pagerduty";
import {
  type AccountDescription,
  createDiscreteClock,
  createPagerDutyDouble,
  driveOrganisation,
  goByRealTime,
  type Organisation,
  type PagerDutyDouble,
  substream,
} from "@mrdata/simulator";

const SECOND = 1_000;
/** How soon a person answers what no monitor of the organisation raised (a drill, an alarm made by hand), and ends it. */
const ACKNOWLEDGES_AFTER = 20 * SECOND;
const RESOLVES_AFTER = 60 * SECOND;

export type RehearsedAccount = {
  readonly pagerduty: PagerDutyDouble;
  /** `http://127.0.0.1:PORT` of its REST API and its Events API. */
  readonly url: string;
  /** Rejects if its clock stops. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
};

/**
 * A PagerDuty on loopback, in real time, in which things go wrong as they do in the organisation from `now` on and people
 * answer. Its webhooks go to `webhookUrl`, signed with `secret`.
 */
export async function startAccount(options: {
  readonly organisation: Organisation;
  readonly account: AccountDescription;
  readonly seed: number;
  readonly webhookUrl: string;
  readonly secret: string;
  /** Milliseconds since the epoch: now, and when nothing goes wrong any more. */
  readonly now: number;
  readonly to: number;
}): Promise<RehearsedAccount> {
  const { organisation, account, seed, webhookUrl, secret, now, to } = options;
  const clock = createDiscreteClock(now);
  const pagerduty = createPagerDutyDouble({
    clock,
    account,
    // Other names than the past's: an incident of today is none of last month's.
    random: substream(() => (now % 65_521) / 65_521),
  });
  pagerduty.subscribe({ url: webhookUrl, events: neededEvents, secret, description: "Mr Data" });
  const driven = driveOrganisation({ organisation, seed, pagerduty, clock, from: now, to });
  pagerduty.onNotified(({ incident, user, at, bot }) => {
    if (bot || driven.episodeOf(incident) !== undefined) return;
    clock.schedule(at + ACKNOWLEDGES_AFTER, () => {
      if (pagerduty.incident(incident).status === "triggered") pagerduty.acknowledge(incident, user);
    });
    clock.schedule(at + RESOLVES_AFTER, () => {
      if (pagerduty.incident(incident).status === "acknowledged") pagerduty.resolve(incident, user);
    });
  });
  const server = await pagerduty.listen();
  const time = goByRealTime(clock);
  return {
    pagerduty,
    url: server.url,
    ended: time.ended,
    async stop() {
      await time.stop();
      await server.close();
    },
  };
}
