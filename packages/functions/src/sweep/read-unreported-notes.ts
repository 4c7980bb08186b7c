import type { RestIncident } from "@mrdata/pagerduty";
import type { SweepContext } from "./context.ts";
import { MAX_INCIDENTS, readNotesOf } from "./read-waiting-notes.ts";

/** Notes of incidents older than this are left to people who watch the bot, milliseconds. */
const MAX_AGE_MS = 600_000;

/** An incident that waits on the bot without a webhook having reported it: webhooks of its notes may be missing too. */
export function noteUnreported({ readNotes }: Pick<SweepContext, "readNotes">, incident: RestIncident): void {
  readNotes.unreported.set(incident.id, incident);
}

/**
 * Reads the notes of incidents that the sweep found and paged before any webhook reported them: they no longer wait on
 * the bot and appear in no list again. Each is read once, when calls can be spared. Rejects where notes could not be
 * read; the next sweep retries.
 */
export async function readUnreportedNotes(context: SweepContext): Promise<void> {
  const { notes, clock, pager, readNotes } = context;
  const { unreported } = readNotes;
  for (const [id, { createdAt }] of unreported)
    if (createdAt !== null && clock.now() - createdAt > MAX_AGE_MS) unreported.delete(id);
  if (notes === null || unreported.size === 0 || !pager.hasSpareCalls()) return;
  const turn = [...unreported.values()].slice(0, MAX_INCIDENTS);
  await readNotesOf(context, turn, ({ id }) => unreported.delete(id));
}
