import { type Imported, importPast } from "@mrdata/history";
import type { PastIncident } from "@mrdata/incident";
import { type DetailColumns, detailColumns } from "@mrdata/learning";
import type { Ledger } from "@mrdata/platform";
import type { Target } from "@mrdata/runtime";
import { paceOf } from "../pace.ts";
import type { Terminal } from "../terminal.ts";

/** Imports incidents with progress output. `windowMs`: the hold window of the track records, milliseconds. */
export async function intoLedger(
  ledger: Ledger,
  incidents: readonly PastIncident[],
  { kind }: Target,
  windowMs: number,
  terminal: Terminal,
  details: DetailColumns = detailColumns(incidents, windowMs),
): Promise<Imported> {
  const pace = paceOf(Date.now);
  const latest = Date.now() + MAX_FUTURE_MS;
  const [early, past] = [
    incidents.filter(({ createdAt }) => createdAt > latest),
    incidents.filter(({ createdAt }) => createdAt <= latest),
  ];
  const imported = await importPast(ledger, past, {
    windowMs,
    details,
    // Firestore accepts 10 MiB per request. Local writes take hundreds of incidents, and thousands of one service, because a
    // track record that is part of two writes is read and written twice.
    maxBatchSize: kind === "local" ? 5_000 : 40,
    mergedBatchSize: kind === "local" ? 300 : 40,
    concurrency: kind === "local" ? 1 : 8,
    progress: (done, of) => terminal.progress(`importing: ${done} of ${of} incidents${pace(done, of)}`),
  });
  // A future date would age every track record that the incident is part of.
  const dated = early.map(({ id, createdAt }) => ({
    incident: id,
    reason: `it is dated in the future, ${new Date(createdAt).toISOString()} (see --time-zone)`,
  }));
  const setAside = [...dated, ...(imported.setAside ?? [])];
  for (const { incident, reason } of setAside.slice(0, MAX_REPORTED))
    terminal.say(`incident ${incident}: ${reason}: left out`);
  if (setAside.length > MAX_REPORTED)
    terminal.say(`… and ${setAside.length - MAX_REPORTED} more incidents that cannot be kept`);
  return setAside.length === 0 ? imported : { ...imported, setAside };
}

/** Tolerated clock skew, as for webhooks. */
const MAX_FUTURE_MS = 3_600_000;

/** Incidents that are printed one by one; the rest are only counted. */
const MAX_REPORTED = 10;
