import type { Prediction } from "@mrdata/incident";
import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock, Ledger, Log } from "@mrdata/platform";
import { assignedNote, NOTE_MARKER, noteOf } from "@mrdata/responder";
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
    await writeNoteOnce(context, incident, noteOf(prediction));
  } catch (error) {
    log({ severity: "WARNING", event: "note.failed", incident, reason: reasonOf(error) });
  }
}

/**
 * Says on an incident that a person assigned to the bot by hand that it pages nobody for it: nobody else would, for
 * such an assignment never escalates. True once that is said; false while another process is about to say it.
 */
export async function writeAssignedNote(context: NoteContext, incident: string): Promise<boolean> {
  context.log({ severity: "WARNING", event: "assigned.by-hand", incident });
  return writeNoteOnce(context, incident, assignedNote);
}

/**
 * Writes the bot's note once: the incident's notes are read for its marker before the first try and before every
 * retry, because a call may have been applied and never answered. Two that read at the same moment both find none, and
 * PagerDuty takes whatever it is sent: who may write is settled in the ledger. True if the note is there.
 */
async function writeNoteOnce(
  { ledger, clock, notes }: NoteContext,
  incident: string,
  text: string,
): Promise<boolean> {
  if (notes === null) return true;
  const isAbsent = async (): Promise<boolean> => {
    const written = await notes.listNotes(incident);
    return !written.some((note) => note.content.startsWith(NOTE_MARKER));
  };
  if (!(await isAbsent())) return true;
  if (!(await ledger.claimNote(incident, clock.now()))) return false;
  await notes.addNote(incident, text, { beforeRetry: isAbsent });
  return true;
}
