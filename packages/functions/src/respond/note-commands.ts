import { feedbackOf, type IncidentEvent, type Prediction, wordOf } from "@mrdata/incident";
import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock, Ledger, Log, Settings } from "@mrdata/platform";
import { keepDisarming } from "./disarm-by-note.ts";
import { type AlarmKeys, alarmKeysOf, keepFeedback } from "./name-feedback.ts";

export type HearPorts = {
  readonly ledger: Pick<Ledger, "incident" | "noteFeedback" | "settings" | "changeSettings">;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly pager: Pick<PagerDuty, "getIncident"> | null;
  /** Releases what is held now and matches. */
  readonly releaseLive: (
    settings: Settings,
    matches: (hold: Prediction) => boolean,
    why: string,
  ) => Promise<number>;
};

/**
 * Hears a person's word in a note. It needs the ledger alone, so that the bot can be switched off while PagerDuty does
 * not answer. That the incident itself is paged, if it waits, is not asked here: every touch does that.
 */
export function createHear({ ledger, clock, log, pager, releaseLive }: HearPorts) {
  /** Of an incident that opened before the bot heard of any, PagerDuty is asked. Throws, so that the word comes again. */
  async function alarmBehind(incident: string): Promise<AlarmKeys> {
    const known = (await ledger.incident(incident))?.state ?? null;
    if (known !== null && known.service !== null && known.title !== null)
      return alarmKeysOf(known.service, known.title);
    const seen = (await pager?.getIncident(incident)) ?? null;
    if (seen === null || seen.serviceId === null)
      throw new Error(`what was said of ${incident} cannot be kept: its service is not known`);
    return alarmKeysOf(seen.serviceId, seen.title);
  }

  async function disarm(event: IncidentEvent): Promise<void> {
    const { before, services } = await keepDisarming(event, { ledger, clock, log });
    if (services.length === 0) return;
    await releaseLive(
      before,
      (one) => one.incident !== event.incident && services.includes(one.service),
      `The bot was disarmed by a note on ${event.incident}.`,
    );
  }

  return async function hear(event: IncidentEvent, stored: Prediction | null): Promise<void> {
    const word = wordOf(feedbackOf(event));
    if (word === null) return;
    const { incident, actorId: who, occurredAt: at } = event;
    log({ severity: "INFO", event: "feedback.heard", incident, word, who });
    if (word === "never hold this" || word === "ok to hold") {
      const allowed = word === "ok to hold";
      const alarm =
        stored?.names === undefined
          ? await alarmBehind(incident)
          : { alertType: stored.alertType, names: stored.names };
      await keepFeedback(ledger, alarm, { allowed, who, at, incident });
    }
    if (word === "disarm") await disarm(event);
  };
}
