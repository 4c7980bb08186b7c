import { commandOf, type IncidentEvent, type Prediction } from "@mrdata/incident";
import { type PagerDuty, PagerDutyError } from "@mrdata/pagerduty";
import type { Clock, Ledger, Log, Settings } from "@mrdata/platform";
import { answerNotes } from "@mrdata/responder";
import { type AccountRecords, canBeWoken } from "./can-be-woken.ts";
import { keepDisarming } from "./disarm-by-note.ts";
import { type AlarmKeys, alarmKeysOf, keepFeedback } from "./name-feedback.ts";

export type NoteCommandPorts = {
  readonly ledger: Pick<
    Ledger,
    "incident" | "noteFeedback" | "settings" | "changeSettings" | "noteDisarming"
  >;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly pager: (Pick<PagerDuty, "getIncident"> & AccountRecords) | null;
  /** Releases what is held now and matches. */
  readonly releaseLive: (
    settings: Settings,
    matches: (hold: Prediction) => boolean,
    why: string,
  ) => Promise<number>;
  /** Notes the outcome of a command on the incident. Best effort: never rejects. */
  readonly answer: (event: IncidentEvent, text: string) => Promise<void>;
};

const NOT_A_PERSON =
  "'ok to hold' counts only from somebody who is on call within the month and whom PagerDuty can ring";

/**
 * Executes a person's command in a note, and `disarm` from anybody. Only the ledger is needed, so that the bot can be
 * switched off while PagerDuty does not answer. Paging the incident itself, if it waits, is not done here: every event
 * does that.
 */
export function createNoteCommandHandler({
  ledger,
  clock,
  log,
  pager,
  releaseLive,
  answer,
}: NoteCommandPorts) {
  /**
   * For an incident that opened before the bot received anything, PagerDuty is queried. Throws, so that the command is
   * redelivered.
   */
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
    const { before, services, armedSince, isReadable } = await keepDisarming(event, { ledger, log });
    if (services.length > 0)
      await releaseLive(
        before,
        (one) => one.incident !== event.incident && services.includes(one.service),
        `The bot was disarmed by a note on ${event.incident}.`,
      );
    await answer(event, isReadable ? answerNotes.disarm(services, armedSince) : answerNotes.disarmUnread());
  }

  /**
   * A command that makes the bot less careful counts only if the account's own records show a person. Throws where they
   * cannot be read, so that the command is redelivered.
   */
  async function mayAllow({ actorId, incident }: IncidentEvent): Promise<boolean> {
    if (actorId === null) return false;
    if (pager === null)
      throw new Error("who wrote the note cannot be looked up: no PagerDuty token is configured");
    const may = await canBeWoken(actorId, pager, clock).catch((error: unknown) => {
      // A user deleted since.
      if (error instanceof PagerDutyError && error.status === 404) return false;
      throw error;
    });
    if (!may)
      log({ severity: "WARNING", event: "feedback.refused", incident, who: actorId, reason: NOT_A_PERSON });
    return may;
  }

  return async function handleNoteCommand(event: IncidentEvent, stored: Prediction | null): Promise<void> {
    const word = commandOf(event);
    if (word === null) return;
    const { incident, actorId: who, occurredAt: at } = event;
    if (word === "ok to hold" && !(await mayAllow(event))) return answer(event, answerNotes.okRefused());
    log({ severity: "INFO", event: "feedback.heard", incident, word, who });
    if (word === "never hold this" || word === "ok to hold") {
      const allowed = word === "ok to hold";
      const alarm =
        stored?.names === undefined
          ? await alarmBehind(incident)
          : { alertType: stored.alertType, names: stored.names };
      await keepFeedback(ledger, alarm, { allowed, who, at, incident });
      await answer(event, allowed ? answerNotes.okToHold() : answerNotes.neverHold());
    }
    if (word === "disarm") await disarm(event);
  };
}
