import { commandOf, type IncidentEvent, isCareful, type Prediction } from "@mrdata/incident";
import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock, Ledger, Log } from "@mrdata/platform";
import { ASSIGNED_MARKER, assignedNote, NOTE_MARKER, noteOf } from "@mrdata/responder";
import { reasonOf } from "@mrdata/runtime";
import { rulesFor } from "../rules-for.ts";
import type { Pager } from "./pager.ts";

export type NoteContext = {
  readonly ledger: Pick<Ledger, "settings" | "claimNote">;
  readonly clock: Clock;
  readonly log: Log;
  readonly pager: Pick<Pager, "hasSpareCalls">;
  /** Null while no PagerDuty token is configured. */
  readonly notes: Pick<PagerDuty, "listNotes" | "addNote"> | null;
};

/**
 * Writes the decision as a note on the incident. Best effort: a failure neither holds nor delays anything, and in a
 * storm its two calls are reserved for pages.
 */
export async function writeDecisionNote(context: NoteContext, prediction: Prediction): Promise<void> {
  const { ledger, log, pager } = context;
  const { incident, service, mode } = prediction;
  if (context.notes === null) return;
  if (!pager.hasSpareCalls()) return log({ severity: "INFO", event: "note.skipped", incident });
  try {
    // The bot may still be first on the policy of a service that was once armed: the note shows people why it pages.
    if (mode === "shadow" && rulesFor(await ledger.settings(), service).policy === null) return;
    const zone = prediction.holdUntil === null ? "UTC" : await zoneOf(context);
    await writeNoteOnce(context, incident, { text: noteOf(prediction, zone), marker: NOTE_MARKER });
  } catch (error) {
    log({ severity: "WARNING", event: "note.failed", incident, reason: reasonOf(error) });
  }
}

/** The time zone of the bot's hours; UTC where none is set or readable: that must not cost the note. */
async function zoneOf({ ledger }: Pick<NoteContext, "ledger">): Promise<string> {
  try {
    return (await ledger.settings()).hours?.zone ?? "UTC";
  } catch {
    return "UTC";
  }
}

/**
 * Notes on an incident that a person assigned to the bot by hand that the bot pages nobody for it. Nobody else would
 * either, because such an assignment never escalates. True once the note exists; false while another process is about
 * to write it.
 */
export async function writeAssignedNote(context: NoteContext, incident: string): Promise<boolean> {
  context.log({ severity: "WARNING", event: "assigned.by-hand", incident });
  return writeNoteOnce(context, incident, {
    text: assignedNote,
    marker: ASSIGNED_MARKER,
    claim: "assigned by hand",
  });
}

/** How long an answer waits for the page that the same note requests, milliseconds. */
const MAX_PAGE_MS = 10_000;
const LOOKS_EVERY_MS = 1_000;

/**
 * Answers a person's note on its incident, once however often the note is delivered. Best effort: never rejects, and in
 * a storm its calls are reserved for pages. Of two processes that receive it concurrently one writes, as the ledger
 * decides; if the ledger cannot be reached, both may. A command that pages its incident is answered after the page; any
 * other is answered at once, so that the answer keeps its place among the incident's events.
 */
export async function writeAnswer(
  { ledger, log, pager, notes, clock }: NoteContext,
  event: IncidentEvent,
  text: string,
): Promise<void> {
  if (notes === null) return;
  const { incident, occurredAt } = event;
  const until = clock.now() + (isCareful(commandOf(event)) ? MAX_PAGE_MS : 0);
  while (!pager.hasSpareCalls() && clock.now() < until) await clock.sleep(LOOKS_EVERY_MS);
  if (!pager.hasSpareCalls()) return log({ severity: "INFO", event: "note.skipped", incident });
  // On redelivery the outcome may be worded differently: the command that is answered stays the same.
  const [start = text] = text.split(/[:,]/);
  const isAbsent = async (): Promise<boolean> =>
    !(await notes.listNotes(incident)).some(
      ({ content, created_at: at }) =>
        content.startsWith(start) && (!at || Date.parse(at) >= occurredAt - 1_000),
    );
  try {
    if (!(await isAbsent())) return;
    // A repeated command is answered again; one note has one time, whichever function receives it.
    const answerTo = `${commandOf(event) ?? start} at ${occurredAt}`;
    const isMine = await ledger.claimNote(incident, clock.now(), answerTo).catch(() => true);
    if (isMine) await notes.addNote(incident, text, { beforeRetry: isAbsent });
  } catch (error) {
    log({ severity: "WARNING", event: "note.failed", incident, reason: reasonOf(error) });
  }
}

/** A note that is written once per incident. */
type OnceNote = {
  readonly text: string;
  /** Text that begins this note and no other. */
  readonly marker: string;
  /** The claim by which the ledger decides who writes it; omitted for the note on the decision. */
  readonly claim?: string;
};

/**
 * Writes one of the bot's notes once. The incident's notes are searched for its marker before the first attempt and
 * before every retry, because a call may be applied and never answered. Two processes that read concurrently both find
 * none, and PagerDuty accepts every note it is sent, so the ledger decides who may write. True if the note exists.
 */
async function writeNoteOnce(
  { ledger, clock, notes }: NoteContext,
  incident: string,
  { text, marker, claim }: OnceNote,
): Promise<boolean> {
  if (notes === null) return true;
  const isAbsent = async (): Promise<boolean> => {
    const written = await notes.listNotes(incident);
    return !written.some((note) => note.content.startsWith(marker));
  };
  if (!(await isAbsent())) return true;
  if (!(await ledger.claimNote(incident, clock.now(), claim))) return false;
  await notes.addNote(incident, text, { beforeRetry: isAbsent });
  return true;
}
