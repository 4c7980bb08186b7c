import { commandOf, type IncidentEvent, isCareful } from "@mrdata/incident";
import { actorOf, type Identity, type RestIncident, type RestNote } from "@mrdata/pagerduty";
import pMap from "p-map";
import { pageAndRecord } from "../paging/page-and-record.ts";
import { withinMs } from "../within.ts";
import type { SweepContext } from "./context.ts";

/** Notes are read for at most this long at a time; no page waits for them. */
const MAX_READING_MS = 15_000;
/** How many incidents' notes are read per minute, of PagerDuty's 960 calls. */
export const MAX_INCIDENTS = 100;
const CONCURRENCY = 8;

/** What was read before, so that each command is obeyed once per instance. */
export type ReadNotes = {
  readonly handled: Set<string>;
  /** When the notes of each waiting incident were last read, milliseconds since the epoch: unread ones go first. */
  readonly readAt: Map<string, number>;
  /** True while notes from an outage are read. */
  isCatchingUp: boolean;
  /** Incidents that waited on the bot without a decision, by id: webhooks of their notes may be missing. */
  readonly unreported: Map<string, RestIncident>;
  /** When it was found that notes must be read after an outage; null where none must. */
  outageSeenAt: number | null;
};

/**
 * Where webhooks are lost, a person's command on an incident that waits on the bot is read from its notes: one call per
 * incident. Only commands that make the bot more careful are obeyed; obeying one again, in whatever order with its
 * webhook, changes nothing. Rejects where notes could not be read or obeyed; the next sweep retries.
 */
export async function readWaitingNotes(
  context: SweepContext,
  waiting: readonly RestIncident[],
): Promise<void> {
  const { notes, clock, log } = context;
  const { readAt } = context.readNotes;
  const waits = new Set(waiting.map(({ id }) => id));
  for (const id of readAt.keys()) if (!waits.has(id)) readAt.delete(id);
  if (notes === null || waiting.length === 0) return;
  const readLast = ({ id }: RestIncident): number => readAt.get(id) ?? Number.NEGATIVE_INFINITY;
  const turn = waiting.toSorted((a, b) => compare(readLast(a), readLast(b))).slice(0, MAX_INCIDENTS);
  let read = 0;
  try {
    await readNotesOf(context, turn, ({ id }) => {
      readAt.set(id, clock.now());
      read++;
    });
  } finally {
    const left = waiting.length - read;
    if (left > 0) log({ severity: "WARNING", event: "notes.left", incidents: left });
  }
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Reads the notes of several incidents concurrently and obeys them. Rejects where one failed; `onRead` is called for
 * the others.
 */
export async function readNotesOf(
  context: SweepContext,
  turn: readonly RestIncident[],
  onRead: (incident: RestIncident) => void,
): Promise<void> {
  const { clock } = context;
  const until = clock.now() + MAX_READING_MS;
  const failures: unknown[] = [];
  await withinMs(clock, MAX_READING_MS, `reading the notes of ${turn.length} incidents`, () =>
    pMap(
      turn,
      async (incident) => {
        if (clock.now() >= until) return;
        try {
          await obeyNotesOf(context, incident);
          onRead(incident);
        } catch (error) {
          failures.push(error);
        }
      },
      { concurrency: CONCURRENCY },
    ),
  );
  if (failures.length > 0) throw failures[0];
}

/**
 * Obeys the commands in the incident's notes that make the bot more careful. Rejects where they cannot be read or
 * obeyed.
 */
export async function obeyNotesOf(
  context: SweepContext,
  { id, createdAt }: Pick<RestIncident, "id" | "createdAt">,
): Promise<void> {
  const { notes, clock, log, readNotes, identity } = context;
  for (const note of (await notes?.listNotes(id)) ?? []) {
    const event = carefulCommandIn(id, note, createdAt ?? clock.now(), identity);
    if (event === null || readNotes.handled.has(event.id)) continue;
    log({ severity: "WARNING", event: "note.read", incident: id, note: event.id });
    await obey(context, event);
    readNotes.handled.add(event.id);
  }
}

/** Obeys a command, and pages the incident whether or not that succeeds: an incident with such a note is not held. */
async function obey(context: SweepContext, event: IncidentEvent): Promise<void> {
  const { incident, actorId } = event;
  const stored = await context.ledger.prediction(incident).catch(() => null);
  const why = `A note by ${actorId}.`;
  const tried = await Promise.allSettled([
    context.handleNoteCommand(event, stored),
    pageAndRecord(context, { incident, snapshot: null, stored, why, decision: () => null }),
  ]);
  for (const one of tried) if (one.status === "rejected") throw one.reason;
}

/** A note in the form of its webhook event; null unless it makes the bot more careful. */
function carefulCommandIn(
  incident: string,
  { id, content, user, created_at }: RestNote,
  openedAt: number,
  identity: Identity,
): IncidentEvent | null {
  const event: IncidentEvent = {
    id: id ?? `${incident} ${created_at} ${content}`,
    incident,
    type: "annotated",
    occurredAt: created_at ? Date.parse(created_at) : openedAt,
    // A note without a user is a program's.
    actor: actorOf(user?.id ? { id: user.id, type: "user_reference" } : null, identity),
    actorId: user?.id ?? null,
    snapshot: null,
    note: content,
    mergedInto: null,
  };
  return isCareful(commandOf(event)) ? event : null;
}
