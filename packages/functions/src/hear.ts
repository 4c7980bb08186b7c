import { alertTypeOf, feedbackOf, type IncidentEvent, type Prediction, wordOf } from "@mrdata/incident";
import type { PagerDuty } from "@mrdata/pagerduty";
import {
  armedServices,
  disarmAll,
  disarmService,
  type Ledger,
  type Log,
  type Settings,
} from "@mrdata/platform";

/** Who arms has another clock than PagerDuty, by which notes are dated: so far they may be apart, milliseconds. */
const CLOCKS_APART = 10 * 60_000;

export type HearPorts = {
  readonly ledger: Pick<Ledger, "incident" | "noteFeedback" | "settings" | "changeSettings">;
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
export function createHear({ ledger, log, pager, releaseLive }: HearPorts) {
  /** Of an incident that opened before the bot heard of any, PagerDuty is asked. Throws, so that the word comes again. */
  async function alertTypeBehind(incident: string): Promise<string> {
    const known = (await ledger.incident(incident))?.state.alertType;
    if (known != null) return known;
    const seen = (await pager?.getIncident(incident)) ?? null;
    if (seen === null || seen.serviceId === null)
      throw new Error(`what was said of ${incident} cannot be kept: its service is not known`);
    return alertTypeOf(seen.serviceId, seen.title).key;
  }

  async function disarm({ incident, actorId: who, occurredAt: at }: IncidentEvent): Promise<void> {
    // What cannot be read now is armed again once it can be: then this throws, and the word comes again until it is kept.
    const before = await ledger.settings();
    if (before.disarmed && before.disarmed.at >= at) return;
    // A note that comes late or again must not undo an arming that came after it; in doubt the note stands.
    const meant = armedServices(before).filter((id) => (before.services[id]?.at ?? 0) <= at + CLOCKS_APART);
    const all = meant.length === armedServices(before).length;
    if (meant.length === 0 && !all) return;
    const why = `a note on ${incident}`;
    const decided = { who: who ?? "a person", at, why };
    await ledger.changeSettings((settings) =>
      all ? disarmAll(settings, decided) : meant.reduce((so, id) => disarmService(so, id, decided), settings),
    );
    log({ severity: "WARNING", event: "bot.disarmed", who, why });
    await releaseLive(
      before,
      (one) => one.incident !== incident && (all || meant.includes(one.service)),
      `The bot was disarmed by ${why}.`,
    );
  }

  return async function hear(event: IncidentEvent, stored: Prediction | null): Promise<void> {
    const word = wordOf(feedbackOf(event));
    if (word === null) return;
    const { incident, actorId: who, occurredAt: at } = event;
    log({ severity: "INFO", event: "feedback.heard", incident, word, who });
    if (word === "never hold this" || word === "ok to hold") {
      const alertType = stored?.alertType ?? (await alertTypeBehind(incident));
      await ledger.noteFeedback(alertType, { allowed: word === "ok to hold", who, at, incident });
    }
    if (word === "disarm") await disarm(event);
  };
}
