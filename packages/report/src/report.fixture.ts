import { backtestFigures, type HoldChoices, type ModelCard, type ScoredIncident } from "@mrdata/learning";
import type { BacktestReport } from "./backtest-page.ts";

const START = Date.parse("2026-03-02T00:00:00Z");

/** Scored incidents of two services; `odd` is a name that looks like markup. */
export const scoredIncidents = (count: number, odd = "PSVC<1>&\"'"): readonly ScoredIncident[] =>
  Array.from({ length: count }, (_, i): ScoredIncident => {
    const label = i % 3 === 0 ? 0 : 1;
    const probability = Math.min(0.99, 0.2 + 0.5 * label + (i % 10) / 40);
    return {
      incident: {
        id: `Q${i}`,
        service: i % 4 === 0 ? odd : "PSVC002",
        title: "Disk 91% full",
        createdAt: START + i * 3_600_000,
        resolvedAt: label === 1 ? START + i * 3_600_000 + 120_000 : null,
        resolvedBy: label === 1 ? "integration" : null,
        acknowledgedAt: null,
        takenOverAt: null,
        mergedInto: null,
        urgency: "high",
        details: {},
      },
      probability,
      rate: 0.6,
      hold: probability >= 0.8,
      rateHold: false,
      holdBy: { certified: probability >= 0.85, halfBudget: probability >= 0.9, point: probability >= 0.8 },
      label,
    };
  });

export const reportOf = (scored: readonly ScoredIncident[]): BacktestReport => ({
  file: "<history>.ndjson",
  window: 300,
  incidents: scored.length,
  from: scored[0]?.incident.createdAt ?? START,
  to: scored.at(-1)?.incident.createdAt ?? START,
  timeZone: "UTC",
  figures: backtestFigures(scored),
  refits: [
    { from: "2026-03-02T00:00:00.000Z", learntFrom: 240, learner: "boosting", threshold: 0.8 },
    { from: "2026-03-04T00:00:00.000Z", learntFrom: 260, learner: "forest", threshold: null },
  ],
  remarks: ["Leave the bot in <shadow>."],
  choices: null,
});

export const someCard = (): ModelCard => ({
  schema: 1,
  trainedAt: "2026-03-20T10:00:00.000Z",
  window: 300,
  learner: "boosting",
  threshold: 0.83,
  rule: { precision: 0.9, rows: 20, missBudget: 0.05 },
  seed: 1,
  incidents: 1_000,
  from: "2025-03-02T00:00:00.000Z",
  to: "2026-03-19T00:00:00.000Z",
  services: 7,
  remark: null,
  certificate: {
    budget: 0.1,
    delta: 0.1,
    real: 200,
    missesAllowed: 14,
    misses: 12,
    upperBound: 0.0873,
    threshold: 0.83,
    from: "2025-10-01T00:00:00.000Z",
    to: "2026-03-19T00:00:00.000Z",
  },
  fallback: null,
  figures: backtestFigures(scoredIncidents(200)),
  files: {},
});

/** What a team may choose from for which five minutes hold nothing; with so many misses. */
export const someChoices = (title: string, misses = 2): HoldChoices => ({
  windowSeconds: 300,
  predictions: 1_000,
  real: 658,
  table: [300, 900].flatMap((windowSeconds) =>
    [0.9, 0.7].map((sureness) => ({
      windowSeconds,
      sureness,
      held: 30,
      pagesSpared: 0.028,
      realDelayed: 0.002,
      upperBound: 0.019,
      certified: windowSeconds === 900 && sureness === 0.9,
    })),
  ),
  needs: { moreIncidents: 2_312, missBudget: null, windowsSeconds: [900], windowsFrom: [0.87] },
  from: 0.7,
  atMissBudget: null,
  alarms: [{ service: "Mail <b>out</b>", title, opened: 41, held: 12, late: misses }],
  misses: Array.from({ length: misses }, (_, i) => ({
    id: `QLATE${i}`,
    service: "PMAIL",
    serviceName: i === 0 ? null : "Mail <b>out</b>",
    title,
    createdAt: START + i * 3_600_000,
  })),
});
