import { feedbackOf, type IncidentEvent, isCareful, wordOf } from "@mrdata/incident";
import { actorOf, type Identity, type PagerDuty, type RestIncident, type RestNote } from "@mrdata/pagerduty";
import type { Clock, Ledger, Log } from "@mrdata/platform";
import { forEach, type Hands } from "./hands.ts";
import type { createHear } from "./hear.ts";

/** So long the notes are read at a time, milliseconds: whoever waits for a page waits for none of it. */
const LONGEST = 15_000;
/** So many incidents' notes are read a minute, of PagerDuty's 960 calls. */
const MOST = 100;

export type HearWaitingPorts = {
  readonly pager: Pick<PagerDuty, "listNotes">;
  readonly ledger: Pick<Ledger, "prediction">;
  readonly hear: ReturnType<typeof createHear>;
  readonly hands: Pick<Hands, "release">;
  readonly clock: Clock;
  readonly log: Log;
};

/** Hears what people wrote on these incidents. Rejects where notes could not be read or heard; the next call tries again. */
export type HearWaiting = (waiting: readonly RestIncident[]) => Promise<void>;

/**
 * Where webhooks are lost, a person's word on an incident that waits on the bot is read from its notes: one call an
 * incident. Only what makes the bot more careful is heard so. It is heard once by one instance, and hearing it again, in
 * whatever order with its webhook, changes nothing.
 */
export function createHearWaiting(ports: HearWaitingPorts, identity: Identity): HearWaiting {
  const { pager, ledger, hear, hands, clock, log } = ports;
  const heard = new Set<string>();
  /** Where the last call ended, for more than can be read at a time. */
  let begin = 0;

  async function hearOne({ id: incident, createdAt }: RestIncident): Promise<void> {
    const notes = await pager.listNotes(incident);
    for (const note of notes) {
      const event = eventOf(incident, note, createdAt ?? clock.now(), identity);
      if (event === null || heard.has(event.id)) continue;
      log({ severity: "WARNING", event: "note.read", incident, note: event.id });
      // Whatever else a person said, and whether or not it can be kept: what carries such a note is not held.
      const kept = await Promise.allSettled([
        ledger
          .prediction(incident)
          .catch(() => null)
          .then((stored) => hear(event, stored)),
        hands.release([{ incident }], `A note by ${event.actorId}.`),
      ]);
      for (const one of kept) if (one.status === "rejected") throw one.reason;
      heard.add(event.id);
    }
  }

  return async function hearWaiting(waiting) {
    const turn = [...waiting.slice(begin), ...waiting.slice(0, begin)].slice(0, MOST);
    begin = waiting.length <= MOST ? 0 : (begin + MOST) % waiting.length;
    const until = clock.now() + LONGEST;
    const late = new AbortController();
    const reading = forEach(turn, async (one) => {
      if (clock.now() < until) await hearOne(one);
    });
    const failed = await Promise.race([
      reading.finally(() => late.abort(new Error("heard"))),
      clock.sleep(LONGEST, late.signal).then(
        () => [new Error(`the notes of ${turn.length} incidents could not be read within ${LONGEST} ms`)],
        () => [],
      ),
    ]);
    const first = failed.length > 0 ? failed[0] : (await reading)[0];
    if (first !== undefined) throw first;
  };
}

/** A note as its webhook would tell it; null unless a person says something in it that makes the bot more careful. */
function eventOf(
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
    actor: actorOf({ id: user?.id, type: "user_reference" }, identity),
    actorId: user?.id ?? null,
    snapshot: null,
    note: content,
    mergedInto: null,
  };
  return user?.id && isCareful(wordOf(feedbackOf(event))) ? event : null;
}
