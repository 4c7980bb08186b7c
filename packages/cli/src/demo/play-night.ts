import { type IncidentEvent, type Outcome, outcomeOf, timelineOf } from "@mrdata/incident";
import { parseWebhook } from "@mrdata/pagerduty";
import {
  createDiscreteClock,
  createPagerDutyDouble,
  type DeliverRequest,
  type DiscreteClock,
  driveOrganisation,
  type Organisation,
  type PagerDutyDouble,
  subscribedEvents,
  substream,
} from "@mrdata/simulator";

/** The course of one incident of a night. Times are milliseconds since the epoch. */
export type NightIncident = {
  readonly incident: string;
  readonly openedAt: number;
  /** When a person was first notified; null if nobody was. */
  readonly pagedAt: number | null;
  readonly outcome: Outcome | null;
};

export type NightOptions = {
  readonly organisation: Organisation;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** The hold window, milliseconds. */
  readonly windowMs: number;
  readonly secret: string;
  /** Called with PagerDuty before anything happens; returns the receiver of its webhooks. */
  readonly receiver?: (pagerduty: PagerDutyDouble, clock: DiscreteClock) => Promise<DeliverRequest>;
  readonly onProgress?: (begun: number, total: number) => void;
};

/** People keep working on what the night left; nothing stays unpaged for this long. */
const AFTERMATH_MS = 3 * 3_600_000;

/** Plays one night and returns every incident that opened in it. */
export async function playNight(options: NightOptions): Promise<readonly NightIncident[]> {
  const { organisation, seed, from, to, windowMs } = options;
  const clock = createDiscreteClock(from);
  const events = new Map<string, IncidentEvent[]>();
  let receive: DeliverRequest = async () => ({ status: 200 });
  const pagerduty = createPagerDutyDouble({
    clock,
    account: organisation.account,
    random: substream(() => (seed % 65_521) / 65_521),
    async deliverWebhook(request, signal) {
      const parsed = parseWebhook(JSON.parse(Buffer.from(request.body).toString("utf8")), {
        botUser: organisation.bot.id,
      });
      if (parsed.kind === "incident-event") {
        const { event } = parsed;
        events.set(event.incident, [...(events.get(event.incident) ?? []), event]);
      }
      return receive(request, signal);
    },
  });
  if (options.receiver !== undefined) receive = await options.receiver(pagerduty, clock);
  pagerduty.subscribe({ url: "http://receiver/", events: subscribedEvents, secret: options.secret });
  const driven = driveOrganisation({ organisation, seed, pagerduty, clock, from, to });
  for (let at = from; at < to; at += 600_000) {
    await clock.run(Math.min(at, to));
    options.onProgress?.(driven.begun(), driven.total);
  }
  await clock.run(to + AFTERMATH_MS);

  const pages = new Map<string, number>();
  for (const { incident, at, bot } of pagerduty.notifications)
    if (!bot && !pages.has(incident)) pages.set(incident, at);
  return pagerduty
    .incidents()
    .filter(({ createdAt }) => createdAt < to)
    .map(({ id, createdAt }) => ({
      incident: id,
      openedAt: createdAt,
      pagedAt: pages.get(id) ?? null,
      outcome: outcomeOf(timelineOf(events.get(id) ?? []), { windowMs }, clock.now())?.outcome ?? null,
    }));
}
