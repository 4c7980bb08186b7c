import { memo } from "@mrdata/base";
import type { IncidentEvent, OutcomeRules } from "@mrdata/incident";
import type { Identity } from "@mrdata/pagerduty";
import { maintenanceOf, UnreadableDocumentError } from "@mrdata/platform";
import type { Handler, LedgerOf } from "@mrdata/runtime";
import { logUnreadable } from "@mrdata/runtime";
import { hearProbe } from "../push/hear-probe.ts";
import { type PushedPorts, pushHandler } from "../push/push-handler.ts";
import { isDisarming, keepDisarming } from "../respond/disarm-by-note.ts";
import { readSettingsOrFail } from "../rules-for.ts";
import { SETTLED_AFTER } from "../sweep/settle-holds.ts";

import type { recordManifest } from "./manifest.ts";

export { recordManifest } from "./manifest.ts";

const SETTINGS_AGE_MS = 10_000;

export type RecordPorts = PushedPorts & { readonly ledger: LedgerOf<typeof recordManifest> };

/**
 * Appends every event to its incident's timeline, derives the outcome, and carries it into the track records that
 * features are made of: one atomic write an event.
 */
export function createRecord(ports: RecordPorts, identity: Identity, rules: OutcomeRules): Handler {
  /** Maintenance is set long before and asked for with every event: read again after a few seconds. */
  const settingsNow = memo(() => readSettingsOrFail(ports.ledger, ports.log), {
    ttlMs: SETTINGS_AGE_MS,
    now: () => ports.clock.now(),
  });
  /** Null too where it cannot be read: that was settled as a miss, and stays one. */
  const storedOf = async (incident: string) => {
    try {
      return await ports.ledger.prediction(incident);
    } catch (error) {
      if (!(error instanceof UnreadableDocumentError)) throw error;
      logUnreadable(ports.log)(error);
      return null;
    }
  };
  /** A hold may have been taken for a miss because of what had not been told yet: it is settled again. */
  const reconsider = async ({ incident, occurredAt }: IncidentEvent): Promise<void> => {
    if (ports.clock.now() - occurredAt < SETTLED_AFTER) return;
    const stored = await storedOf(incident);
    if (stored?.missedAt !== undefined && stored.holdUntil !== null && occurredAt <= stored.holdUntil)
      await ports.ledger.reopenHold(incident);
  };
  /** With the maintenance that is set now, so that the timeline tells of it for good. */
  const withMaintenance = async (event: IncidentEvent): Promise<IncidentEvent> => {
    const settings = await settingsNow();
    if (settings === null || settings.maintenance.length === 0) return event;
    const { snapshot, occurredAt } = event;
    const during = { from: snapshot?.createdAt ?? occurredAt, to: occurredAt + rules.window };
    const maintenance = maintenanceOf(settings, snapshot?.service ?? null, during);
    return maintenance.length === 0 ? event : { ...event, maintenance };
  };
  const record = async (told: IncidentEvent): Promise<void> => {
    // `respond` hears every word; this one is kept here too, where nothing waits for PagerDuty and its failures.
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
    onProbe: (delivery) => hearProbe("record", ports, delivery),
  });
}
