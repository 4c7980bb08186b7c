import type { Prediction } from "@mrdata/incident";
import type { Settings } from "@mrdata/platform";
import { isLiveHold } from "@mrdata/responder";
import { rulesFor } from "../rules-for.ts";
import { type PagingContext, pageAndRecord } from "./page-and-record.ts";

/**
 * Pages these held incidents at once and ends their holds. All are tried; the first failure is thrown at the end.
 * Returns how many were paged.
 */
export async function releaseHolds(
  context: PagingContext,
  holds: readonly Prediction[],
  why: string,
): Promise<number> {
  const released = await Promise.allSettled(
    holds.map(async (stored) => {
      const { incident } = stored;
      const request = { incident, snapshot: null, stored, why, decision: () => null };
      const { taken } = await pageAndRecord(context, request);
      if (taken.action === "none") return false;
      context.log({ severity: "WARNING", event: "hold.released", incident, why });
      return true;
    }),
  );
  for (const one of released) if (one.status === "rejected") throw one.reason;
  return released.filter((one) => one.status === "fulfilled" && one.value).length;
}

/** Releases the live holds that match the condition. With settings that cannot be read nothing is held. */
export async function releaseLiveHolds(
  context: PagingContext,
  settings: Settings | null,
  matches: (hold: Prediction) => boolean,
  why: string,
): Promise<number> {
  const now = context.clock.now();
  const live = liveAmong(await context.ledger.holdsSince(now), settings, now);
  return releaseHolds(context, live.filter(matches), why);
}

/** Those holds that still keep a page back at `now`, milliseconds since the epoch. */
export const liveAmong = (
  holds: readonly Prediction[],
  settings: Settings | null,
  now: number,
): readonly Prediction[] =>
  settings === null ? [] : holds.filter((hold) => isLiveHold(hold, rulesFor(settings, hold.service), now));
