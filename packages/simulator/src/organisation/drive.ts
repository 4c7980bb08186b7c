import type { DiscreteClock, Notification, PagerDutyDouble } from "../pagerduty/index.ts";
import type { Episode } from "./episode.ts";
import type { Organisation } from "./organisation.ts";
import { reactionTo } from "./people.ts";
import { createRandom } from "./random.ts";

export type DriveOptions = {
  readonly organisation: Organisation;
  readonly seed: number;
  readonly pagerduty: PagerDutyDouble;
  readonly clock: DiscreteClock;
  /** Episodes that begin in this time, milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
};

export type Driven = {
  /** The episode of an incident; of a merge, of the one that was first. */
  episodeOf(incident: string): Episode | undefined;
  /** How many episodes have begun. */
  begun(): number;
  /** How many there are in the time. */
  readonly total: number;
};

const MONITOR_DELAY_MS = 20_000;

/**
 * Lets everything of the time go wrong as it should, and people react to being paged. Schedules on the clock, which
 * the caller runs. What happens by itself is the same in every variant; what people do depends on whether and when
 * they are woken.
 */
export function driveOrganisation({ organisation, seed, pagerduty, clock, from, to }: DriveOptions): Driven {
  const episodes = organisation.episodes.filter(({ startsAt }) => startsAt >= from && startsAt < to);
  const byIncident = new Map<string, Episode>();
  const incidentOfEpisode = new Map<string, string>();
  const symptoms = Map.groupBy(
    episodes.filter(({ symptomOf }) => symptomOf !== null),
    ({ symptomOf }) => symptomOf,
  );
  const pages = new Map<string, number>();
  const workedOn = new Set<string>();
  const fixed = new Set<string>();
  let begun = 0;

  const clear = ({ service, id }: Episode) => pagerduty.clear({ serviceId: service, dedupKey: id });
  const isOpen = (incident: string) => pagerduty.incident(incident).status !== "resolved";

  function begin(episode: Episode): void {
    begun++;
    const { service, id, title, severity, clearsAt, symptomOf } = episode;
    // A symptom goes away with its cause.
    if (symptomOf !== null && fixed.has(symptomOf)) return;
    const { incident, result } = pagerduty.trigger({ serviceId: service, dedupKey: id, title, severity });
    if (incident !== null && result === "opened") {
      byIncident.set(incident, episode);
      incidentOfEpisode.set(id, incident);
    }
    if (clearsAt !== null) clock.schedule(clearsAt, () => void clear(episode));
  }

  /** Ends the cause: its alarm clears, and the alarms of its symptoms within minutes. */
  function fixCause(episode: Episode): void {
    if (fixed.has(episode.id)) return;
    fixed.add(episode.id);
    const random = createRandom(seed, `${episode.id} mended`);
    if (episode.ending === "monitor")
      clock.schedule(clock.now() + MONITOR_DELAY_MS, () => void clear(episode));
    for (const symptom of symptoms.get(episode.id) ?? [])
      clock.schedule(clock.now() + MONITOR_DELAY_MS + random.whole(0, 180_000), () => void clear(symptom));
  }

  function workOn(
    incident: string,
    episode: Episode,
    user: string,
    reaction: ReturnType<typeof reactionTo>,
  ): void {
    if (reaction.note !== null) pagerduty.addNote(incident, user, reaction.note);
    const cause = episode.symptomOf === null ? undefined : incidentOfEpisode.get(episode.symptomOf);
    if (reaction.merges && cause !== undefined && cause !== incident && isOpen(cause))
      pagerduty.merge(cause, [incident], user);
    if (reaction.fixesAfterMs === null) return;
    clock.schedule(clock.now() + reaction.fixesAfterMs, () => {
      fixCause(episode);
      if (reaction.resolvesAfterMs === null) return;
      clock.schedule(clock.now() + reaction.resolvesAfterMs, () => {
        if (isOpen(incident)) pagerduty.resolve(incident, user);
      });
    });
  }

  function react({ incident, user, at, bot }: Notification): void {
    const episode = byIncident.get(incident);
    if (bot || episode === undefined) return;
    const page = (pages.get(incident) ?? 0) + 1;
    pages.set(incident, page);
    const reaction = reactionTo(seed, episode, page, at);
    if (reaction.acknowledgesAfterMs === null) return;
    clock.schedule(at + reaction.acknowledgesAfterMs, () => {
      if (pagerduty.incident(incident).status !== "triggered") return;
      pagerduty.acknowledge(incident, user);
      if (workedOn.has(incident)) return;
      workedOn.add(incident);
      workOn(incident, episode, user, reaction);
    });
  }

  pagerduty.onNotified(react);
  for (const episode of episodes) clock.schedule(episode.startsAt, () => begin(episode));
  return { episodeOf: (incident) => byIncident.get(incident), begun: () => begun, total: episodes.length };
}
