import type { BacktestFigures } from "@mrdata/learning";
import { chart, curve, diagonal, dot } from "./chart.ts";
import { figure, table } from "./figure.ts";
import { count, decimal, interval, percent } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { thinned } from "./ways.ts";

/** The reliability of the probabilities: metrics with intervals and explanations, and two charts. */
export function qualitySection(figures: BacktestFigures): Markup {
  const { auc, averagePrecision, brier, ece, withinServiceAuc, baselines, baseRate } = figures;
  return html`<h2>Can a probability be believed?</h2>
${table({
  head: ["Figure", "Mr Data", "95 % interval", "Alert type's own rate", "A constant"],
  rows: [
    [
      "AUC: how often, of two incidents, the one that resolves itself gets the higher probability",
      decimal(auc.value),
      interval(auc),
      decimal(baselines.ownRate.auc),
      "0.500",
    ],
    [
      "AUC within services: the same where both are of one service",
      decimal(withinServiceAuc),
      "",
      "",
      "0.500",
    ],
    [
      "Average precision: how pure the top of the list is",
      decimal(averagePrecision.value),
      interval(averagePrecision),
      "",
      decimal(baseRate),
    ],
    [
      "Brier score: the mean squared error of the probabilities; lower is better",
      decimal(brier.value),
      interval(brier),
      decimal(baselines.ownRate.brier),
      decimal(baselines.constant.brier),
    ],
    [
      "Calibration error (ECE): how far a stated probability is off; lower is better",
      decimal(ece.value),
      interval(ece),
      "",
      "",
    ],
  ],
})}
<div class="figures">${reliabilityFigure(figures)}${coverageFigure(figures)}</div>`;
}

function reliabilityFigure({ reliability }: BacktestFigures): Markup {
  const most = Math.max(1, ...reliability.map((bin) => bin.count));
  return figure(
    chart(
      "Reliability: the share that resolved itself against the predicted probability",
      { title: "predicted", max: 1 },
      { title: "resolved itself", max: 1 },
      (scale) =>
        html`${diagonal(scale)}${reliability.map((bin) =>
          dot(
            scale,
            { x: bin.predicted, y: bin.observed },
            `predicted ${percent(bin.predicted)}, seen ${percent(bin.observed)}, ${count(bin.count)} incidents`,
            { weight: bin.count / most },
          ),
        )}`,
    ),
    "On the dashed line a probability means what it says. A dot's area is how many incidents it stands for.",
    {
      head: ["Predicted", "Resolved itself", "Incidents"],
      rows: reliability.map((bin) => [percent(bin.predicted), percent(bin.observed), count(bin.count)]),
    },
  );
}

function coverageFigure({ coverageCurve, coverage, precision, scored }: BacktestFigures): Markup {
  return figure(
    chart(
      "Coverage against precision: how many are held, and how often that is right",
      { title: "held", max: 1 },
      { title: "held and right", max: 1 },
      (scale) =>
        html`${curve(
          scale,
          coverageCurve.map((point) => ({ x: point.coverage, y: point.precision })),
        )}${
          precision === null
            ? ""
            : dot(
                scale,
                { x: coverage, y: precision },
                `held ${percent(coverage)} of ${count(scored)}, right ${percent(precision)}`,
                { kind: "other" },
              )
        }`,
    ),
    `The line is what could be reached knowing the outcomes; ${precision === null ? "there is no dot, for the thresholds chosen on the past held nothing" : "the dot is what the thresholds chosen on the past reached"}.`,
    {
      head: ["Held from", "Held", "Held and right"],
      rows: thinned(coverageCurve).map((point) => [
        percent(point.threshold),
        percent(point.coverage),
        percent(point.precision),
      ]),
    },
  );
}
