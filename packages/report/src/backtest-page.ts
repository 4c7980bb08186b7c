import type { BacktestFigures, GroupFigures, HoldFigures } from "@mrdata/learning";
import { across, chart, curve, dot, up } from "./chart.ts";
import { html, type Markup } from "./html.ts";
import { page } from "./page.ts";

export type BacktestReport = {
  readonly file: string;
  /** The hold window, seconds. */
  readonly window: number;
  readonly incidents: number;
  readonly timeZone: string;
  readonly figures: BacktestFigures;
  readonly refits: readonly {
    readonly from: string;
    readonly learntFrom: number;
    readonly learner: string;
    readonly threshold: number | null;
  }[];
  /** What the reader must know, a sentence each. */
  readonly remarks: readonly string[];
};

const percent = (share: number | null): string => (share === null ? "–" : `${(100 * share).toFixed(1)} %`);
const number = (value: number | null): string => (value === null ? "–" : value.toFixed(3));
const interval = ({ low, high }: { readonly low: number; readonly high: number }, of = number) =>
  `${of(low)} to ${of(high)}`;

/** The page of a backtest: the figures with their intervals, how far they can be trusted, and beside what. */
export function backtestPage(report: BacktestReport): string {
  const { figures, refits, remarks } = report;
  return page(
    "Mr Data: backtest",
    html`<h1>What Mr Data would have done</h1>
<p class="lead">${report.incidents} incidents of ${report.file}, hold window ${report.window / 60} min. ${figures.scored} of them
were predicted by models that knew nothing but what was known at the time; ${percent(figures.baseRate)} resolved themselves.</p>
${remarks.map((remark) => html`<p class="remark">${remark}</p>`)}
${waysTable(figures)}
${qualityTable(figures)}
${charts(figures)}
${groupsTable("By service", "Service", figures.byService)}
${groupsTable(`By night and day (night: 22:00 to 7:00, ${report.timeZone})`, "Opened by", figures.byTime)}
<h2>Refits</h2>
<div class="wide"><table><caption>Learner and threshold of each block were chosen on predictions made before it.</caption>
<tr><th>From</th><th>Learnt from</th><th>Learner</th><th>Held from</th></tr>
${refits.map(
  ({ from, learntFrom, learner, threshold }) =>
    html`<tr><td>${from}</td><td>${learntFrom}</td><td>${learner}</td><td>${percent(threshold)}</td></tr>`,
)}</table></div>`,
  );
}

function waysTable({ baselines, ...figures }: BacktestFigures): Markup {
  const row = (way: string, { coverage, precision, pagesSpared, realDelayed }: HoldFigures) =>
    html`<tr><td>${way}</td><td>${percent(pagesSpared)}</td><td>${percent(realDelayed)}</td><td>${percent(coverage)}</td><td>${percent(precision)}</td></tr>`;
  return html`<h2>Pages spared, real incidents delayed</h2>
<div class="wide"><table><caption>Shares of all scored incidents. The 95 % interval of the pages spared is ${interval(figures.pagesSparedInterval, percent)}, of the
real ones delayed ${interval(figures.realDelayedInterval, percent)}.</caption>
<tr><th>Way</th><th>Pages spared</th><th>Real ones delayed</th><th>Held</th><th>Held and right</th></tr>
${row("Mr Data", figures)}
${row("alert type's own rate", baselines.ownRate)}
${row("page always", { coverage: 0, precision: null, pagesSpared: 0, realDelayed: 0 })}
${baselines.fixedDelay.map(({ minutes, pagesSpared, delayed }) =>
  row(`fixed delay of ${minutes} minutes`, {
    coverage: 1,
    precision: null,
    pagesSpared,
    realDelayed: delayed,
  }),
)}</table></div>`;
}

function qualityTable({ baselines, ...figures }: BacktestFigures): Markup {
  const rows = [
    ["AUC", number(figures.auc.value), interval(figures.auc), number(baselines.ownRate.auc)],
    ["AUC within services", number(figures.withinServiceAuc), "", ""],
    ["Average precision", number(figures.averagePrecision.value), interval(figures.averagePrecision), ""],
    ["Brier score", number(figures.brier.value), interval(figures.brier), number(baselines.ownRate.brier)],
    ["Calibration error (ECE)", number(figures.ece.value), interval(figures.ece), ""],
  ];
  return html`<h2>How good the probabilities are</h2>
<div class="wide"><table><tr><th>Figure</th><th>Mr Data</th><th>95 % interval</th><th>Alert type's own rate</th></tr>
${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</table></div>`;
}

function charts({ reliability, coverageCurve, coverage, precision, scored }: BacktestFigures): Markup {
  const most = Math.max(1, ...reliability.map(({ count }) => count));
  return html`<h2>Can a probability be believed?</h2>
<figure>${chart(
    "Reliability: share that resolved itself against the predicted probability",
    "predicted",
    "resolved itself",
    html`<line class="even" x1="${across(0)}" y1="${up(0)}" x2="${across(1)}" y2="${up(1)}"/>${reliability.map(
      ({ predicted, observed, count }) =>
        dot(
          { x: predicted, y: observed },
          `predicted ${percent(predicted)}, seen ${percent(observed)}, ${count} incidents`,
          count / most,
        ),
    )}`,
  )}<figcaption>On the dashed line a probability means what it says. A dot's area is how many incidents it stands for.</figcaption></figure>
<figure>${chart(
    "Coverage against precision",
    "held",
    "held and right",
    html`${curve(coverageCurve.map((point) => ({ x: point.coverage, y: point.precision })))}${
      precision === null
        ? ""
        : dot(
            { x: coverage, y: precision },
            `held ${percent(coverage)} of ${scored}, right ${percent(precision)}`,
            0.3,
            "other",
          )
    }`,
  )}<figcaption>The curve is what could be reached knowing the outcomes; the dot is what the thresholds chosen on the past reached.</figcaption></figure>`;
}

const groupsTable = (
  title: string,
  what: string,
  groups: readonly GroupFigures[],
): Markup => html`<h2>${title}</h2>
<div class="wide"><table><tr><th>${what}</th><th>Scored</th><th>Resolved itself</th><th>AUC</th><th>Pages spared</th><th>Real ones delayed</th><th>Held and right</th></tr>
${groups.map(
  (group) =>
    html`<tr><td>${group.name}</td><td>${group.scored}</td><td>${percent(group.baseRate)}</td><td>${number(group.auc)}</td><td>${percent(group.pagesSpared)}</td><td>${percent(group.realDelayed)}</td><td>${percent(group.precision)}</td></tr>`,
)}</table></div>`;
