import { type BacktestFigures, type HoldFigures, upperBound } from "@mrdata/learning";
import { chart, curve, dot, labels, type Point } from "./chart.ts";
import { bar, figure, table } from "./figure.ts";
import { count, interval, percent } from "./format.ts";
import { html, type Markup } from "./html.ts";

type Way = Omit<HoldFigures, "coverage"> & { readonly name: string; readonly coverage: number };

/** Mr Data and the alternatives that a team has. */
function waysOf({ baselines, ...figures }: BacktestFigures): readonly Way[] {
  return [
    { name: "Mr Data", ...figures },
    { name: "alert type's own rate", ...baselines.ownRate },
    { name: "page always", coverage: 0, precision: null, pagesSpared: 0, realDelayed: 0 },
    ...baselines.fixedDelay.map(({ minutes, pagesSpared, delayed }) => ({
      name: `fixed delay of ${minutes} min`,
      coverage: 1,
      precision: null,
      pagesSpared,
      realDelayed: delayed,
    })),
  ];
}

const DELTA = 0.05;

/**
 * The confidence intervals as a sentence. A bootstrap cannot estimate events that never occurred: if no real incident was delayed, the
 * Clopper-Pearson bound is given instead; if nothing was held, there is no sentence.
 */
function intervalSentence({
  scored,
  baseRate,
  pagesSpared,
  realDelayed,
  ...figures
}: BacktestFigures): string {
  if (pagesSpared + realDelayed === 0) return "";
  const spared = ` In 95 of 100 such histories Mr Data would have spared ${interval(figures.pagesSparedInterval, percent)}`;
  if (realDelayed > 0) return `${spared} and delayed ${interval(figures.realDelayedInterval, percent)}.`;
  const real = Math.round((1 - baseRate) * scored);
  const bound =
    real === 0
      ? ""
      : `: of such, with 95 % confidence, it delays at most ${percent(upperBound(0, real, DELTA))}`;
  return `${spared}. It delayed none of ${count(real)} that did not resolve themselves${bound}.`;
}

/** The ways of paging as a table, and pages spared against real incidents delayed as a chart. */
export function waysSection(figures: BacktestFigures): Markup {
  const ways = waysOf(figures);
  return html`<h2>What it spares, and what it costs</h2>
${table({
  caption: `Shares of all scored incidents.${intervalSentence(figures)}`,
  head: ["Way", "Pages spared", "Real ones delayed", "Held", "Held and right"],
  rows: ways.map(({ name, pagesSpared, realDelayed, coverage, precision }) => [
    name,
    bar(pagesSpared, percent(pagesSpared)),
    bar(realDelayed, percent(realDelayed), "other"),
    percent(coverage),
    percent(precision),
  ]),
})}
${tradeFigure(figures, ways)}`;
}

/**
 * Ways that delay nearly everything would squeeze the others into a corner, so the chart is clipped: a way beyond its range is drawn at
 * the edge, with its figures.
 */
function tradeFigure(figures: BacktestFigures, ways: readonly Way[]): Markup {
  const tradeOff: readonly Point[] = figures.coverageCurve.map(({ coverage, precision }) => ({
    x: coverage * (1 - precision),
    y: coverage * precision,
  }));
  const most = (values: readonly number[]) => Math.max(0.04, ...values);
  const end =
    1.1 * most(ways.filter(({ realDelayed }) => realDelayed < 0.5).map(({ realDelayed }) => 3 * realDelayed));
  const x = Math.min(1, Math.ceil(end * 20) / 20);
  const shown = tradeOff.filter((point) => point.x <= x);
  const y = Math.min(1, Math.ceil(most(shown.map((point) => point.y)) * 10) / 10);
  const placed = ways.map(({ name, realDelayed, pagesSpared }) => {
    const isBeyond = realDelayed > x || pagesSpared > y;
    const figures = `${percent(pagesSpared)} spared, ${percent(realDelayed)} delayed`;
    return {
      point: { x: Math.min(x, realDelayed), y: Math.min(y, pagesSpared) },
      text: isBeyond ? `${name} ›` : name,
      title: isBeyond ? `${name}, beyond the drawing: ${figures}` : `${name}: ${figures}`,
      kind: name === "Mr Data" ? ("other" as const) : ("soft" as const),
    };
  });
  return figure(
    chart(
      "Pages spared against real incidents delayed, for every threshold and for the other ways",
      { title: "real ones delayed", max: x },
      { title: "pages spared", max: y },
      (scale) =>
        html`${curve(scale, [{ x: 0, y: 0 }, ...shown])}${placed.map(({ point, title, kind }) =>
          dot(scale, point, title, { kind }),
        )}${labels(scale, placed)}`,
    ),
    "Up and to the left is better. The line is every threshold there could be, with the outcomes known; the dots are the ways of the table, Mr Data's what the thresholds chosen on the past reached. › is beyond the drawing, as its figures say.",
    {
      head: ["Threshold or way", "Pages spared", "Real ones delayed"],
      rows: [
        ...ways.map(({ name, pagesSpared, realDelayed }) => [
          name,
          percent(pagesSpared),
          percent(realDelayed),
        ]),
        ...thinned(figures.coverageCurve).map(({ threshold, coverage, precision }) => [
          percent(threshold),
          percent(coverage * precision),
          percent(coverage * (1 - precision)),
        ]),
      ],
    },
  );
}

const MAX_ROWS = 12;

/** About a dozen points of a long line, including the last one. */
export function thinned<T>(points: readonly T[]): readonly T[] {
  const step = Math.max(1, Math.ceil(points.length / MAX_ROWS));
  return points.filter((_, i) => (points.length - 1 - i) % step === 0);
}
