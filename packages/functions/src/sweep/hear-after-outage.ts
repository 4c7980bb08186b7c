import { reasonOf } from "@mrdata/runtime";
import pMap from "p-map";
import type { SweepContext } from "./context.ts";
import { obeyNotesOf } from "./read-waiting-notes.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How often it is noted that the ledger takes writes. */
const NOTED_EVERY_MS = 5 * MINUTE;
/** After so long without, notes are read again; on every bus a message that is refused comes again by itself for longer (`push/delivery.ts`). */
export const OUTAGE_MS = 15 * MINUTE;
/** Notes are dated by another clock, and may have been on their way when the ledger took its last write. */
const MARGIN_MS = 10 * MINUTE;
/** As long as Pub/Sub keeps what was not delivered. */
const MAX_BACK_MS = 7 * 24 * HOUR;
/** PagerDuty lists so much of a log and no more: an hour at a time. */
const SLICE_MS = HOUR;
const MAX_PUT_OFF_MS = 2 * MINUTE;
const CONCURRENCY = 4;

/**
 * What people said in notes while the ledger took no writes for long, or no sweep ran, is heard once it does: the
 * messages that told of it may be dead letters by then. Only what makes the bot more careful is obeyed, and of two words
 * the later counts, whenever they are heard. While calls are short they are left to pages, for two minutes at most.
 * Rejects where something could not be read or obeyed; then it is done again.
 */
export async function hearAfterOutage(context: SweepContext): Promise<void> {
  const { ledger, clock, log, pager, sweeping, readNotes } = context;
  if (sweeping === null || readNotes.isCatchingUp) return;
  const now = clock.now();
  const last = await ledger.lastSeen("sweep");
  if (last !== null && now - last < NOTED_EVERY_MS && now >= last) return;
  if (last !== null && now - last >= OUTAGE_MS) {
    readNotes.outageSeenAt ??= now;
    if (!pager.hasSpareCalls() && now - readNotes.outageSeenAt < MAX_PUT_OFF_MS) return;
    log({ severity: "WARNING", event: "notes.caught-up", since: new Date(last).toISOString() });
    readNotes.isCatchingUp = true;
    try {
      await hearSince(context, Math.max(last - MARGIN_MS, now - MAX_BACK_MS), now);
    } finally {
      readNotes.isCatchingUp = false;
    }
  }
  await ledger.noteSeen("sweep", now);
  readNotes.outageSeenAt = null;
}

async function hearSince(context: SweepContext, from: number, to: number): Promise<void> {
  const { sweeping, clock, log } = context;
  if (sweeping === null) return;
  const noted = new Set<string>();
  // The note that was written last may be newer than the clock here says.
  for (let since = from; since < to + MARGIN_MS; since += SLICE_MS) {
    const period = { since, until: Math.min(since + SLICE_MS, to + MARGIN_MS) };
    for await (const { incident, by } of sweeping.pagerduty.listAnnotations(period))
      if (by !== sweeping.bot) noted.add(incident);
  }
  const failures: unknown[] = [];
  await pMap(
    noted,
    async (id) => {
      try {
        await obeyNotesOf(context, { id, createdAt: from });
      } catch (error) {
        log({ severity: "ERROR", event: "note.unheard", incident: id, reason: reasonOf(error) });
        failures.push(error);
      }
    },
    { concurrency: CONCURRENCY },
  );
  if (failures.length > 0) throw failures[0];
  log({ severity: "INFO", event: "notes.read", incidents: noted.size, tookMs: clock.now() - to });
}
