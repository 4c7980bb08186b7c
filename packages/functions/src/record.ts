import type { IncidentEvent, OutcomeRules } from "@mrdata/incident";
import type { Identity } from "@mrdata/pagerduty";
import type { Handler } from "./answer.ts";
import type { Manifest } from "./manifest.ts";
import { DEAD_TOPIC, LEDGER_SUBSCRIPTION, TOPIC } from "./names.ts";
import { type PushedPorts, pushHandler } from "./pushed.ts";

export const recordManifest: Manifest = {
  name: "record",
  trigger: { kind: "push", subscription: LEDGER_SUBSCRIPTION, topic: TOPIC },
  needs: [{ ledger: "write" }, { publish: DEAD_TOPIC }],
  // Few instances: in one, writers of a record wait for each other in memory, between two they meet in the database.
  size: { memory: "512Mi", cpu: 1, concurrency: 80, maxInstances: 2, timeoutSeconds: 60 },
};

/**
 * Appends every event to its incident's timeline, derives the outcome, and carries it into the track records that
 * features are made of: one atomic write an event.
 */
export function createRecord(ports: PushedPorts, identity: Identity, rules: OutcomeRules): Handler {
  const record = async (event: IncidentEvent): Promise<void> => {
    const { fresh, state } = await ports.ledger.recordEvent(event, rules);
    const { type, incident } = event;
    ports.log({
      severity: "INFO",
      event: fresh ? "event.recorded" : "event.repeated",
      type,
      incident,
      outcome: state.outcome,
    });
  };
  return pushHandler("record", identity, ports, record, () =>
    ports.ledger.noteSeen("ping", ports.clock.now()),
  );
}
