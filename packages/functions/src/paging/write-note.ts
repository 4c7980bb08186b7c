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
 * Writes what was decided on the incident. It is a courtesy: failing to write it neither holds nor delays anything, and
 * in a storm its two calls are left to pages.
 */
export async function writeDecisionNote(context: NoteContext, prediction: Prediction): Promise<void> {
  const { ledger, log, pager } = context;
  const { incident, service, mode } = prediction;
  if (context.notes === null) return;
  if (!pager.hasSpareCalls()) return log({ severity: "INFO", event: "note.skipped", incident });
  try {
    // Of a service that was armed the bot may still be first on the policy: people see there why it pages.
    if (mode === "shadow" && rulesFor(await ledger.settings(), service).policy === null) return;
    const zone = prediction.holdUntil === null ? "UTC" : await zoneOf(context);
    await writeNoteOnce(context, incident, { text: noteOf(prediction, zone), marker: NOTE_MARKER });
  } catch (error) {
    log({ severity: "WARNING", event: "note.failed", incident, reason: reasonOf(error) });
  }
}

/** The time zone of the bot's hours; UTC where none is set, or that cannot be read: a note is not left out for that. */
async function zoneOf({ ledger }: Pick<NoteContext, "ledger">): Promise<string> {
  try {
    return (await ledger.settings()).hours?.zone ?? "UTC";
  } catch {
    return "UTC";
  }
}

/**
 * Says on an incident that a person assigned to the bot by hand that it pages nobody for it: nobody else would, for
 * such an assignment never escalates. True once that is said; false while another process is about to say it.
 */
export async function writeAssignedNote(context: NoteContext, incident: string): Promise<boolean> {
  context.log({ severity: "WARNING", event: "assigned.by-hand", incident });
  return writeNoteOnce(context, incident, {
    text: assignedNote,
    marker: ASSIGNED_MARKER,
    claim: "assigned by hand",
  });
}

/** So long an answer waits for the page that the same note asks for, milliseconds. */
const MAX_PAGE_MS = 10_000;
const LOOKS_EVERY_MS = 1_000;

/**
 * Answers a person's note on its incident, once however often the note is told: a courtesy that never rejects, and in a storm
 * its calls are left to pages. Of two processes that are told at the same moment one writes, as the ledger settles; where it cannot,
 * both may. A careful word pages its incident too, and is answered after that; another, which keeps its
 * place among what happened to the incident, waits for nothing.
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
  // Told again, the outcome may be worded otherwise: the word that is answered stays the same.
  const [start = text] = text.split(/[:,]/);
  const isAbsent = async (): Promise<boolean> =>
    !(await notes.listNotes(incident)).some(
      ({ content, created_at: at }) =>
        content.startsWith(start) && (!at || Date.parse(at) >= occurredAt - 1_000),
    );
  try {
    if (!(await isAbsent())) return;
    // Said again it is answered again; the same note has the same moment, whoever is told of it.
    const answerTo = `${commandOf(event) ?? start} at ${occurredAt}`;
    const isMine = await ledger.claimNote(incident, clock.now(), answerTo).catch(() => true);
    if (isMine) await notes.addNote(incident, text, { beforeRetry: isAbsent });
  } catch (error) {
    log({ severity: "WARNING", event: "note.failed", incident, reason: reasonOf(error) });
  }
}

/** A note that stands on its incident once. */
type OnceNote = {
  readonly text: string;
  /** What the text, and no other note, begins with. */
  readonly marker: string;
  /** By which the ledger settles who writes it; left out for the note on the decision. */
  readonly claim?: string;
};

/**
 * Writes a note of the bot's once: the incident's notes are read for its marker before the first try and before every
 * retry, because a call may have been applied and never answered. Two that read at the same moment both find none, and
 * PagerDuty takes whatever it is sent: who may write is settled in the ledger. True if the note is there.
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
