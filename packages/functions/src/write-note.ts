import type { PagerDuty } from "@mrdata/pagerduty";
import { NOTE_MARKER } from "@mrdata/responder";

export type NotePorts = { readonly pager: Pick<PagerDuty, "listNotes" | "addNote"> };

/**
 * Writes the bot's note once: the incident's notes are read for its marker before the first try and before every
 * retry, because a call may have been applied and never answered. True if the note is there afterwards by our doing.
 */
export async function writeNoteOnce(incident: string, text: string, { pager }: NotePorts): Promise<boolean> {
  const absent = async (): Promise<boolean> => {
    const notes = await pager.listNotes(incident);
    return !notes.some((note) => note.content.startsWith(NOTE_MARKER));
  };
  if (!(await absent())) return false;
  await pager.addNote(incident, text, { beforeRetry: absent });
  return true;
}
