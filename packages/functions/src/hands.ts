import type { ActionTaken, IncidentSnapshot, Prediction } from "@mrdata/incident";
import type { Clock, Ledger, Log, Settings } from "@mrdata/platform";
import { assignedNote, isLiveHold, noteOf } from "@mrdata/responder";
import { type Pager, pageNow } from "./page-now.ts";
import { reasonOf } from "./pushed.ts";
import { rulesFor } from "./rules-for.ts";
import { type NotePorts, writeNoteOnce } from "./write-note.ts";

export type HandsPorts = {
  readonly ledger: Pick<Ledger, "settings" | "endHold" | "noteAction" | "holdsSince">;
  readonly clock: Clock;
  readonly log: Log;
  /** Null while no PagerDuty token is configured: then the bot can only decide and record. */
  readonly pager: (Pager & NotePorts["pager"]) | null;
};

export type HandsOptions = {
  /** PagerDuty id of the bot's user; null while it has none. */
  readonly bot: string | null;
  /** Where the settings name no fallback policy. */
  readonly fallbackPolicy: string | null;
};

/** What the bot does at PagerDuty: pages, releases what it holds, leaves a note. */
export type Hands = {
  /** Pages if the incident waits on the bot. `snapshot` spares the call where it shows that it does not. */
  pageIfWaiting(incident: string, snapshot: IncidentSnapshot | null): Promise<ActionTaken>;
  /**
   * Pages these incidents at once and notes that their holds ended. Each is tried; what cannot be paged is noted too,
   * so that it is held no longer, and the first failure is thrown at the end.
   */
  release(holds: readonly Pick<Prediction, "incident">[], why: string): Promise<number>;
  /** Releases, of all that is held now, what the condition names. Nothing is held by settings that cannot be read. */
  releaseLive(
    settings: Settings | null,
    matches: (hold: Prediction) => boolean,
    why: string,
  ): Promise<number>;
  /**
   * Says on an incident that a person assigned to the bot by hand that it pages nobody for it: nobody else would, for
   * such an assignment never escalates.
   */
  tellAssigned(incident: string): Promise<void>;
  /** Writes the note. It is a courtesy: failing to write it neither holds nor delays anything. */
  annotate(prediction: Prediction): Promise<void>;
};

/** So many incidents are paged side by side: PagerDuty allows 960 calls a minute. */
const SIDE_BY_SIDE = 8;

export function createHands(ports: HandsPorts, { bot, fallbackPolicy }: HandsOptions): Hands {
  const { ledger, clock, log, pager } = ports;
  const told = new Set<string>();
  /** Two deliveries that page one incident at once share one call. */
  const paging = new Map<string, Promise<ActionTaken>>();

  const fallback = async (): Promise<string | null> => {
    try {
      return (await ledger.settings()).fallbackPolicy ?? fallbackPolicy;
    } catch {
      return fallbackPolicy;
    }
  };

  async function pageIfWaiting(incident: string, snapshot: IncidentSnapshot | null): Promise<ActionTaken> {
    const none = (sentence: string): ActionTaken => ({ action: "none", sentence, at: clock.now() });
    if (bot === null) return none("The bot has no PagerDuty user, so nothing can wait on it.");
    if (snapshot !== null && !snapshot.assignees.includes(bot))
      return none("The incident is not assigned to the bot.");
    if (pager === null && snapshot === null)
      return none("No PagerDuty token is configured, so the incident cannot be read.");
    if (pager === null)
      throw new Error("the incident waits on the bot, and no PagerDuty token is configured to page with");
    const under = paging.get(incident);
    if (under !== undefined) return under;
    const asked = pageNow(incident, { pager, bot, fallbackPolicy: fallback, clock }).finally(() =>
      paging.delete(incident),
    );
    paging.set(incident, asked);
    const taken = await asked;
    log({ severity: "INFO", event: "page.asked", incident, action: taken.action, sentence: taken.sentence });
    return taken;
  }

  async function releaseOne(incident: string, why: string): Promise<boolean> {
    let taken: ActionTaken | null = null;
    try {
      taken = await pageIfWaiting(incident, null);
    } finally {
      await ledger.endHold(incident, { at: clock.now(), why });
    }
    if (taken.action === "none") return false;
    await ledger.noteAction(incident, taken);
    log({ severity: "WARNING", event: "hold.released", incident, why });
    return true;
  }

  async function release(holds: readonly Pick<Prediction, "incident">[], why: string): Promise<number> {
    let released = 0;
    const failed = await forEach(holds, async ({ incident }) => {
      if (await releaseOne(incident, why)) released++;
    });
    if (failed.length > 0) throw failed[0];
    return released;
  }

  return {
    pageIfWaiting,
    release,
    async releaseLive(settings, matches, why) {
      const now = clock.now();
      return release(liveAmong(await ledger.holdsSince(now), settings, now).filter(matches), why);
    },
    async tellAssigned(incident) {
      log({ severity: "WARNING", event: "assigned.by-hand", incident });
      if (pager === null || told.has(incident)) return;
      await writeNoteOnce(incident, assignedNote, { pager });
      told.add(incident);
    },
    async annotate(prediction) {
      if (pager === null) return;
      try {
        // Of a service that was armed the bot may still be first on the policy: people see there why it pages.
        if (
          prediction.mode === "shadow" &&
          rulesFor(await ledger.settings(), prediction.service).policy === null
        )
          return;
        await writeNoteOnce(prediction.incident, noteOf(prediction), { pager });
      } catch (error) {
        const { incident } = prediction;
        log({ severity: "WARNING", event: "note.failed", incident, reason: reasonOf(error) });
      }
    },
  };
}

/** Does the work for all, some side by side; answers with what was thrown. */
export async function forEach<T>(
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<readonly unknown[]> {
  const failed: unknown[] = [];
  const left = all[Symbol.iterator]();
  const worker = async () => {
    for (const one of left) {
      try {
        await work(one);
      } catch (error) {
        failed.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, all.length) }, worker));
  return failed;
}

/** Of these holds those that keep a page back now. */
export const liveAmong = (
  holds: readonly Prediction[],
  settings: Settings | null,
  now: number,
): readonly Prediction[] =>
  settings === null ? [] : holds.filter((hold) => isLiveHold(hold, rulesFor(settings, hold.service), now));
