import type { Mode } from "@mrdata/incident";
import { type Result, resultOf } from "@mrdata/responder";
import type { AlarmReport, IncidentReport, ReportData, ReportIncident } from "./report-data.ts";

/** A Monday morning before dawn. */
export const NOW = Date.parse("2026-03-02T04:31:00Z");
const DAY_MS = 86_400_000;

/** Hostile titles that a monitor, or anybody who can write to one, may send. */
export const hostileTitles: readonly string[] = [
  `</title></h1><script>alert("x")</script><img src=x onerror=alert(1)>`,
  `"><svg onload=alert(1)> ' onmouseover='alert(1)`,
  "\u202egnp.exe\u202c ends\u2028here\u0000",
  "x".repeat(5_000),
  "",
  "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \ud83d alone, ﷽ and a\u0301\u0301\u0301",
];

const titles = [
  "Disk 91% full on db-3",
  "HTTP 5xx above 2 % at checkout",
  "Queue depth above 10,000",
  "Replica lag 45 s",
];
const services = [
  ["PDATABASE", "Database"],
  ["PCHECKOUT", "Checkout"],
  ["PQUEUE", "Message queue"],
  ["PSEARCH", null],
] as const;

/** This many incidents within a week, newest first, with every result. */
export const someIncidents = (count: number, names: readonly string[] = titles): readonly ReportIncident[] =>
  Array.from({ length: count }, (_, i): ReportIncident => {
    const openedAt = NOW - Math.round(((i + 0.3) * 7 * DAY_MS) / count);
    const [service = "PDATABASE", serviceName = null] = services[i % services.length] ?? [];
    const mode: Mode = service === "PSEARCH" ? "annotate" : "armed";
    const isSelf = i % 7 < 5;
    const probability = i % 11 === 10 ? null : Math.min(0.99, (isSelf ? 0.62 : 0.2) + (i % 8) / 20);
    const isControl = i % 23 === 5;
    const decision =
      probability !== null && probability > 0.8 && !isControl ? "hold" : i % 37 === 6 ? "hold" : "page";
    const outcome = i === 0 ? null : i % 13 === 12 ? "unknown" : isSelf ? "self-resolved" : "needed-human";
    const decidedBy = isControl ? "control" : decision === "hold" ? "threshold" : "novelty";
    const result: Result = resultOf({ decision, decidedBy }, outcome);
    return {
      incident: `Q${String(i).padStart(5, "0")}`,
      service,
      serviceName,
      title: names[i % names.length] ?? null,
      alarm: `${service}:${i % names.length}`,
      openedAt,
      closedAt: outcome === null ? null : openedAt + (isSelf ? 140_000 : 2_400_000),
      mode,
      decision,
      decidedBy,
      probability,
      outcome,
      result,
      heldSeconds: mode === "armed" && decision === "hold" ? (isSelf ? 140 : 300) : 0,
      pagerDutyUrl: i % 3 === 1 ? "javascript:alert(1)" : `https://acme.pagerduty.com/incidents/Q${i}`,
    };
  });

/** A report with this many incidents. */
export function someReport(count: number, names?: readonly string[]): ReportData {
  const incidents = someIncidents(count, names);
  const [first] = incidents;
  const line = Array.from({ length: Math.min(60, count) }, (_, i) => ({
    at: NOW - (60 - i) * 3 * 3_600_000,
    evidence: Math.max(0.3, 1 + Math.sin(i / 4) + (i % 9 === 8 ? 3 : 0) + i / 20),
  }));
  const last = line.at(-1);
  return {
    at: NOW,
    since: NOW - 7 * DAY_MS,
    timeZone: "UTC",
    windowMs: 300_000,
    disarmed: null,
    settingsProblem: null,
    incidents,
    isCut: false,
    lastDecidedAt: null,
    held:
      first === undefined ? [] : [{ ...first, decision: "hold", probability: 0.93, until: NOW + 194_000 }],
    budget: {
      sentence:
        count === 0
          ? "No service is armed, so nothing of the miss budget of 10.0 % can be spent."
          : "2 of 41 incidents of PDATABASE, PCHECKOUT that needed a human in the last 30 days were delayed since they were armed: 4.9 % (95 % interval 1.3 % to 16.1 %) of a budget of 10.0 %.",
      spent: count === 0 ? 0 : 0.49,
      warning: null,
      exceeded: null,
      evidence:
        last === undefined
          ? null
          : {
              evidence: last.evidence,
              warnsAt: 5,
              disarmsAt: 125,
              real: 41,
              misses: 2,
              since: "2026-02-01T00:00:00Z",
            },
      line,
    },
    services:
      count === 0
        ? []
        : services.map(([service, name], i) => ({
            service,
            name,
            mode: i === 3 ? "annotate" : "armed",
            policy: i === 3 ? null : `PARMED${i}`,
            who: "robin",
            at: NOW - 20 * DAY_MS,
            why: i === 0 ? "a quiet month" : "",
            verdict:
              i === 1
                ? { kind: "bad", sentence: "level-2: PagerDuty did not answer since 03:50" }
                : i === 3
                  ? { kind: "none", sentence: "Only armed services are checked every quarter of an hour." }
                  : { kind: "good", sentence: "All that must hold held at 04:30." },
          })),
    models: {
      champion: count === 0 ? null : "20260301-030012-a1b2",
      challenger: null,
      previous: null,
      certificate: null,
      lastTraining: null,
      nextTrainingAt: count === 0 ? null : NOW + 3 * DAY_MS,
      paused: null,
      drifted: [],
    },
    forbidden: incidents.slice(2, 4).map(({ alarm, title, service, serviceName, incident }) => ({
      alarm,
      title,
      service,
      serviceName,
      who: "PROBIN",
      at: NOW - 3 * DAY_MS,
      incident,
    })),
  };
}

export const someIncidentReport = (title: string): IncidentReport => {
  const [row] = someIncidents(1, [title]);
  if (row === undefined) throw new Error("there is one");
  return {
    ...row,
    timeZone: "UTC",
    decision: {
      row,
      model: "v1",
      abstained: null,
      holdUntil: null,
      verdicts: [
        { name: "novelty", allowsHold: true, sentence: "It was seen 12 times." },
        { name: "caps", allowsHold: false, sentence: `Too many holds: ${title}` },
      ],
      reasons: ["It resolved itself 11 of 12 times."],
      taken: { action: "paged", sentence: "Moved to level 2.", at: NOW },
    },
    events: [
      { type: "triggered", actor: "integration", at: row.openedAt, note: null },
      { type: "annotated", actor: "human", at: row.openedAt + 60_000, note: title },
    ],
  };
};

export const someAlarmReport = (title: string, count: number): AlarmReport => ({
  timeZone: "UTC",
  alarm: "PDATABASE:1",
  title,
  service: "PDATABASE",
  serviceName: "Database",
  levels: [title, "disk full on", "disk full"].map((name, i) => ({
    name,
    decided: 10 + 30 * i,
    selfResolved: 9 + 20 * i,
  })),
  past: someIncidents(count).map(({ incident, openedAt, outcome }) => ({
    incident,
    openedAt,
    outcome,
    lastedSeconds: outcome === null ? null : 140,
  })),
  latest:
    count === 0
      ? null
      : {
          at: NOW,
          probability: 0.91,
          abstained: null,
          decision: "hold",
          decidedBy: "threshold",
          sentence: "91 % is above the threshold of 83 %.",
          reasons: ["It resolved itself 11 of 12 times."],
        },
  forbidden: null,
});
