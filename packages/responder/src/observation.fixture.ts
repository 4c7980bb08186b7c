import {
  applyChange,
  contributionOf,
  emptyRecord,
  type IncidentEvent,
  type IncidentSnapshot,
  type TrackRecord,
  timelineOf,
} from "@mrdata/incident";
import type { Observation } from "./predictor.ts";

export const MINUTE = 60_000;
export const WINDOW = 5 * MINUTE;
export const NOW = Date.parse("2026-03-02T22:00:00Z");

const snapshot: IncidentSnapshot = {
  title: "Disk 91% full on db-3",
  service: "PDATABASE",
  serviceName: "Database",
  status: "triggered",
  urgency: "high",
  priority: null,
  assignees: [],
  escalationPolicy: null,
  teams: [],
  number: 1,
  htmlUrl: null,
  createdAt: null,
};

/** A record of incidents an hour apart before NOW, of which the last `real` needed a human. */
export function recordOf(selfResolved: number, real = 0): TrackRecord {
  let record = emptyRecord(WINDOW);
  const total = selfResolved + real;
  for (let i = 0; i < total; i++) {
    const opened = NOW - (total - i) * 60 * MINUTE;
    const event = (type: "triggered" | "resolved", occurredAt: number): IncidentEvent => ({
      id: `E${i}-${type}`,
      type,
      occurredAt,
      actor: "integration",
      actorId: null,
      incident: `P${i}`,
      snapshot: { ...snapshot, status: type },
      note: null,
      mergedInto: null,
    });
    const events = [
      event("triggered", opened),
      event("resolved", opened + (i < selfResolved ? 2 : 20) * MINUTE),
    ];
    const after = contributionOf(timelineOf(events), { window: WINDOW });
    record = applyChange(record, { before: null, after, events: 2, latest: opened + 2 * MINUTE });
  }
  return record;
}

export const observationOf = (change: Partial<Observation> = {}): Observation => ({
  incident: "PINC001",
  service: "PDATABASE",
  title: snapshot.title,
  urgency: "high",
  priority: null,
  openedAt: NOW,
  alertTypeRecords: [],
  serviceRecords: [],
  textRecords: {},
  texts: {},
  numbers: {},
  organisation: { hour: 1, day: 8, week: 30 },
  ...change,
});
