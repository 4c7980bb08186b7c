import type { ActionTaken } from "@mrdata/incident";
import type { Clock, Log } from "@mrdata/platform";
import type { Delivery } from "../push/push-handler.ts";

/** Time from `receive` accepting an opening until it must be decided and nobody waits for its page. */
export const IN_TIME_MS = 60_000;

type Ports = { readonly clock: Pick<Clock, "now">; readonly log: Log };

/**
 * Logs that an opening (null: the probe's) was served in time, which the service level objectives count, or how late it
 * was.
 */
export function noteInTime(
  { clock, log }: Ports,
  what: "decision" | "page",
  { acceptedAt }: Delivery,
  incident: string | null,
): void {
  const ageMs = clock.now() - acceptedAt;
  if (ageMs <= IN_TIME_MS)
    log({ severity: "INFO", event: what === "decision" ? "decision.in-time" : "page.in-time", incident });
  else
    log({
      severity: "WARNING",
      event: "opening.late",
      what,
      incident,
      ageSeconds: Math.round(ageMs / 1000),
    });
}

/** Counts one delivery of an opening, so that each opening counts once whatever fails and is redelivered. */
export type InTime = {
  /** It is held and the hold is stored; `isNew`: by this delivery. */
  held(isNew: boolean): void;
  /** Its decision is stored; `isNew`: by this delivery. */
  decided(isNew: boolean): void;
  /**
   * Nobody waits for its page any more. A redelivery counts only what it moved itself: the one before may have paged.
   */
  paged(taken: ActionTaken): void;
};

export function countInTime(
  ports: Ports,
  { incident }: { readonly incident: string },
  delivery: Delivery,
): InTime {
  const noted = new Set<"decision" | "page">();
  const note = (what: "decision" | "page", counts: boolean): void => {
    if (!counts || noted.has(what)) return;
    noted.add(what);
    noteInTime(ports, what, delivery, incident);
  };
  return {
    held(isNew) {
      note("decision", isNew || !delivery.again);
      note("page", isNew || !delivery.again);
    },
    decided: (isNew) => note("decision", isNew || !delivery.again),
    paged: ({ action }) => note("page", action !== "none" || !delivery.again),
  };
}
