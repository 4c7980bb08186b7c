import {
  applyChange,
  contributionOf,
  emptyRecord,
  type IncidentEvent,
  type IncidentSnapshot,
  type TrackRecord,
  timelineOf,
} from "@mrdata/incident";
import type { Certificate } from "@mrdata/learning";
import type { Circumstances } from "./circumstances.ts";
import type { Observation } from "./predictor.ts";
import { ratePredictor } from "./rate-predictor.ts";
import type { Rules } from "./rules.ts";

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

/** A track record of incidents an hour apart before NOW, the last `real` of which needed a human. */
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
    const after = contributionOf(timelineOf(events), { windowMs: WINDOW });
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
  nameRecords: [[], [], []],
  textRecords: {},
  texts: {},
  numbers: {},
  organisation: { hour: 1, day: 8, week: 30 },
  ...change,
});

/** An armed service with nothing against a hold. No control sample, so that holds do not depend on incident ids. */
export const rules: Rules = {
  mode: "armed",
  disarmed: null,
  policy: "PARMED",
  neverHold: { services: [], priorities: [], urgencies: [], titles: [] },
  hours: null,
  caps: { service: 10, all: 40 },
  novelty: 5,
  history: 5,
  storm: { seconds: 600, least: 10, times: 5 },
  control: 0,
  missBudget: 0.1,
  certificate: { delta: 0.1 },
  maintenance: [],
  rails: {},
};

/** A certificate under which the rate predictor may hold. */
export const certificate: Certificate = {
  budget: 0.1,
  delta: 0.1,
  real: 200,
  missesAllowed: 14,
  misses: 10,
  upperBound: 0.076,
  threshold: 0.8,
  from: "2025-09-01T00:00:00.000Z",
  to: "2026-02-28T00:00:00.000Z",
};

/** Circumstances in which every guard rail allows a hold, except for what the test changes. */
export function holdable(change: Partial<Circumstances> = {}): Circumstances {
  const predictor = ratePredictor(WINDOW, certificate);
  const observation = observationOf({
    alertTypeRecords: [recordOf(9)],
    serviceRecords: [recordOf(9)],
    nameRecords: [[recordOf(9)], [], []],
  });
  return {
    observation,
    forecast: predictor.predict(observation),
    predictor,
    settings: rules,
    windowMs: WINDOW,
    now: NOW + 1_000,
    touchedByPerson: false,
    escalationPolicy: "PARMED",
    waitsOnBot: true,
    alertType: "PDATABASE:0123456789abcdef",
    names: ["PDATABASE:0", "PDATABASE:1", "PDATABASE:2"],
    held: { alertType: 0, service: 0, ranOut: 0, onService: 0, anywhere: 0 },
    opened: 1,
    feedback: { hold: null },
    misses: { services: ["PDATABASE"], misses: 0, neededHuman: 20, trail: [] },
    unknownChecks: [],
    ...change,
  };
}
