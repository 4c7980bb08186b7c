import { reasonOf } from "@mrdata/runtime";
import pMap from "p-map";
import type { SweepContext } from "./context.ts";
import { obeyNotesOf } from "./read-waiting-notes.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How often it is noted that the ledger accepts writes. */
const NOTED_EVERY_MS = 5 * MINUTE;
/**
 * After an outage this long notes are read again; every bus redelivers a refused message for longer
 * (`push/delivery.ts`).
 */
export const OUTAGE_MS = 15 * MINUTE;
/** Notes are dated by another clock, and may have been in transit when the ledger took its last write. */
const MARGIN_MS = 10 * MINUTE;
/** As long as Pub/Sub retains undelivered messages. */
const MAX_BACK_MS = 7 * 24 * HOUR;
/** PagerDuty limits how much of a log it lists: an hour at a time stays below it. */
const SLICE_MS = HOUR;
const MAX_PUT_OFF_MS = 2 * MINUTE;
const CONCURRENCY = 4;

/**
 * Executes the commands that people wrote in notes while the ledger took no writes for long, or no sweep ran: their
 * messages may be dead letters by then. Only commands that make the bot more careful are obeyed, and of two the later
 * one counts, in whatever order they are read. While calls are short they are left to pages, for two minutes at most.
 * Rejects where something could not be read or obeyed; it is then repeated.
 */
export async function readNotesAfterOutage(context: SweepContext): Promise<void> {
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
  // The latest note may be newer than this machine's clock.
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
