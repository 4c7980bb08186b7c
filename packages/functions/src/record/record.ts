import { memo } from "@mrdata/base";
import type { IncidentEvent, OutcomeRules } from "@mrdata/incident";
import type { Identity } from "@mrdata/pagerduty";
import { maintenanceOf, UnreadableDocumentError } from "@mrdata/platform";
import type { Handler, LedgerOf } from "@mrdata/runtime";
import { logUnreadable } from "@mrdata/runtime";
import { type PushedPorts, pushHandler } from "../push/push-handler.ts";
import { recordProbe } from "../push/record-probe.ts";
import { isDisarming, keepDisarming } from "../respond/disarm-by-note.ts";
import { readSettingsOrFail } from "../rules-for.ts";
import { SETTLE_AFTER_MS } from "../sweep/settle-holds.ts";

import type { recordManifest } from "./manifest.ts";

export { recordManifest } from "./manifest.ts";

const SETTINGS_AGE_MS = 10_000;

export type RecordPorts = PushedPorts & { readonly ledger: LedgerOf<typeof recordManifest> };

/**
 * Appends every event to its incident's timeline, derives the outcome, and updates the track records that features are
 * computed from: one atomic write per event.
 */
export function createRecord(ports: RecordPorts, identity: Identity, rules: OutcomeRules): Handler {
  /** Maintenance is set long in advance but needed for every event: re-read after a few seconds. */
  const settingsNow = memo(() => readSettingsOrFail(ports.ledger, ports.log), {
    ttlMs: SETTINGS_AGE_MS,
    now: () => ports.clock.now(),
  });
  /** Null also where it cannot be read: that was settled as a miss and remains one. */
  const storedOf = async (incident: string) => {
    try {
      return await ports.ledger.prediction(incident);
    } catch (error) {
      if (!(error instanceof UnreadableDocumentError)) throw error;
      logUnreadable(ports.log)(error);
      return null;
    }
  };
  /** A hold may have been counted as a miss because this event had not arrived yet: it is settled again. */
  const reconsider = async ({ incident, occurredAt }: IncidentEvent): Promise<void> => {
    if (ports.clock.now() - occurredAt < SETTLE_AFTER_MS) return;
    const stored = await storedOf(incident);
    if (stored?.missedAt !== undefined && stored.holdUntil !== null && occurredAt <= stored.holdUntil)
      await ports.ledger.reopenHold(incident);
  };
  /** Adds the maintenance set now, so that the timeline records it permanently. */
  const withMaintenance = async (event: IncidentEvent): Promise<IncidentEvent> => {
    const settings = await settingsNow();
    if (settings === null || settings.maintenance.length === 0) return event;
    const { snapshot, occurredAt } = event;
    const during = { from: snapshot?.createdAt ?? occurredAt, to: occurredAt + rules.windowMs };
    const maintenance = maintenanceOf(settings, snapshot?.service ?? null, during);
    return maintenance.length === 0 ? event : { ...event, maintenance };
  };
  const record = async (told: IncidentEvent): Promise<void> => {
    // `respond` executes every command; this one is stored here too, where nothing depends on PagerDuty and its
    // failures.
    if (isDisarming(told)) await keepDisarming(told, ports);
    const event = await withMaintenance(told);
    const { fresh, state } = await ports.ledger.recordEvent(event, rules);
    const { type, incident } = event;
    await reconsider(event);
    ports.log({
      severity: "INFO",
      event: fresh ? "event.recorded" : "event.repeated",
      type,
      incident,
      outcome: state.outcome,
    });
  };
  return pushHandler("record", identity, ports, record, {
    onPing: () => ports.ledger.noteSeen("ping", ports.clock.now()),
    onProbe: (delivery) => recordProbe("record", ports, delivery),
  });
}
