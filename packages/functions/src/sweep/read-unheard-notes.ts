import type { RestIncident } from "@mrdata/pagerduty";
import type { SweepContext } from "./context.ts";
import { MAX_INCIDENTS, readNotesOf } from "./read-waiting-notes.ts";

/** So old an incident's notes are left to people who look at the bot, milliseconds. */
const MAX_AGE_MS = 600_000;

/** An incident waits on the bot of which nobody had told it: whoever wrote a note on it may be told by nobody either. */
export function noteUnheard({ readNotes }: Pick<SweepContext, "readNotes">, incident: RestIncident): void {
  readNotes.unheard.set(incident.id, incident);
}

/**
 * Reads the notes of what the sweep has found and paged before any webhook told of it: it waits on the bot no more, and is
 * in no list again. Once calls can be spared, each once. Rejects where notes could not be read; the next sweep tries again.
 */
export async function readUnheardNotes(context: SweepContext): Promise<void> {
  const { notes, clock, pager, readNotes } = context;
  const { unheard } = readNotes;
  for (const [id, { createdAt }] of unheard)
    if (createdAt !== null && clock.now() - createdAt > MAX_AGE_MS) unheard.delete(id);
  if (notes === null || unheard.size === 0 || !pager.hasSpareCalls()) return;
  const turn = [...unheard.values()].slice(0, MAX_INCIDENTS);
  await readNotesOf(context, turn, ({ id }) => unheard.delete(id));
}
