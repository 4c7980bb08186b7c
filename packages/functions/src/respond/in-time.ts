import type { ActionTaken } from "@mrdata/incident";
import type { Clock, Log } from "@mrdata/platform";
import type { Delivery } from "../push/push-handler.ts";

/** An opening is decided on, and nobody waits for its page, so long after `receive` accepted it. */
export const IN_TIME_MS = 60_000;

type Ports = { readonly clock: Pick<Clock, "now">; readonly log: Log };

/** Logs that an opening (null: the probe's) was served in time, which the service level objectives count; or how late it was. */
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

/** Counts one delivery of an opening: each opening once, whatever fails in between and is delivered again. */
export type InTime = {
  /** It is held, and this is stored; `isNew`: by this delivery. */
  held(isNew: boolean): void;
  /** Its decision is stored; `isNew`: by this delivery. */
  decided(isNew: boolean): void;
  /** Nobody waits for its page any more. Of a delivery that comes again only what it moved counts: the one before may have paged. */
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
