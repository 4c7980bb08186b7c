import { type DecidedOutcome, outcomeOf } from "@mrdata/incident";
import type { Ledger } from "./ledger.ts";
import { maintenanceOf } from "./service-modes.ts";
import type { Settings } from "./settings.ts";

/** An incident, or null where none was ever recorded. */
export type KnownIncident = Awaited<ReturnType<Ledger["incident"]>>;

export type OutcomeBy = {
  /** The hold window that it is judged by, milliseconds. */
  readonly windowMs: number;
  /** Whose maintenance makes an outcome unknown; null where they cannot be read: then only what the events tell does. */
  readonly settings: Pick<Settings, "maintenance"> | null;
};

/**
 * How an incident ended, as it is known at the moment `now` (milliseconds since the epoch); null while that is
 * undecided, and of what was never recorded. The window's end is no event, so what was stored with the last event may
 * be out of date: whoever joins an incident with its outcome asks here.
 */
export function outcomeOfKnown(
  known: Pick<NonNullable<KnownIncident>, "state" | "events"> | null,
  { windowMs, settings }: OutcomeBy,
  now: number,
): DecidedOutcome | null {
  const openedAt = known?.state.openedAt ?? null;
  if (known === null || openedAt === null) return null;
  const maintenance =
    settings === null
      ? []
      : maintenanceOf(settings, known.state.service, { from: openedAt, to: openedAt + windowMs });
  return outcomeOf(known.events, { window: windowMs, maintenance }, now);
}

/** Reads an incident together with its outcome at the moment `now`. Rejects as `Ledger.incident` does. */
export async function outcomeAt(
  ledger: Pick<Ledger, "incident">,
  incident: string,
  { now, ...by }: OutcomeBy & { readonly now: number },
): Promise<{ readonly known: KnownIncident; readonly decided: DecidedOutcome | null }> {
  const known = await ledger.incident(incident);
  return { known, decided: outcomeOfKnown(known, by, now) };
}
