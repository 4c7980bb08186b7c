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

const SECOND_MS = 1_000;
/** When a person acknowledges and resolves incidents from outside the simulation: a drill, or an alarm raised by hand. */
const ACKNOWLEDGE_AFTER_MS = 20 * SECOND_MS;
const RESOLVE_AFTER_MS = 60 * SECOND_MS;

export type RehearsedAccount = {
  readonly pagerduty: PagerDutyDouble;
  /** `http://127.0.0.1:PORT` of its REST API and its Events API. */
  readonly url: string;
  /** Rejects if its clock stops. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts a PagerDuty on loopback, in real time, with the organisation's incidents from `now` on and people who respond to them. Its
 * webhooks go to `webhookUrl`, signed with `secret`.
 */
export async function startAccount(options: {
  readonly organisation: Organisation;
  readonly account: AccountDescription;
  readonly seed: number;
  readonly webhookUrl: string;
  readonly secret: string;
  /** Milliseconds since the epoch: start and end of the simulated incidents. */
  readonly now: number;
  readonly to: number;
}): Promise<RehearsedAccount> {
  const { organisation, account, seed, webhookUrl, secret, now, to } = options;
  const clock = createDiscreteClock(now);
  const pagerduty = createPagerDutyDouble({
    clock,
    account,
    // A different stream than the history's, so that incident ids do not repeat.
    random: substream(() => (now % 65_521) / 65_521),
  });
  pagerduty.subscribe({ url: webhookUrl, events: neededEvents, secret, description: "Mr Data" });
  const driven = driveOrganisation({ organisation, seed, pagerduty, clock, from: now, to });
  pagerduty.onNotified(({ incident, user, at, bot }) => {
    if (bot || driven.episodeOf(incident) !== undefined) return;
    clock.schedule(at + ACKNOWLEDGE_AFTER_MS, () => {
      if (pagerduty.incident(incident).status === "triggered") pagerduty.acknowledge(incident, user);
    });
    clock.schedule(at + RESOLVE_AFTER_MS, () => {
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
