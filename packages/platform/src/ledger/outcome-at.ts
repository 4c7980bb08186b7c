import { type DecidedOutcome, outcomeOf } from "@mrdata/incident";
import type { Ledger } from "./ledger.ts";
import { maintenanceOf } from "./service-modes.ts";
import type { Settings } from "./settings.ts";

/** An incident, or null if none was ever recorded. */
export type KnownIncident = Awaited<ReturnType<Ledger["incident"]>>;

export type OutcomeBy = {
  /** The hold window that the outcome is judged by, milliseconds. */
  readonly windowMs: number;
  /** The settings, whose maintenance makes an outcome unknown; null if they cannot be read, and then only the events count. */
  readonly settings: Pick<Settings, "maintenance"> | null;
};

/**
 * The outcome of an incident as known at `now` (milliseconds since the epoch); null while it is undecided, and for
 * an incident that was never recorded. The end of the window is not an event, so the outcome stored with the last event may
 * be out of date: always use this function to join an incident with its outcome.
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
  return outcomeOf(known.events, { windowMs, maintenance }, now);
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
