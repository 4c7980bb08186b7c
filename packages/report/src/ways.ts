import type { BacktestFigures, HoldFigures } from "@mrdata/learning";
import { chart, curve, dot, type Point, words } from "./chart.ts";
import { bar, figure, table } from "./figure.ts";
import { interval, percent } from "./format.ts";
import { html, type Markup } from "./html.ts";

type Way = Omit<HoldFigures, "coverage"> & { readonly name: string; readonly coverage: number };

/** What else a team could do, beside what Mr Data would have done. */
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

/** The ways in a table, and pages spared against real incidents delayed as a drawing. */
export function waysSection(figures: BacktestFigures): Markup {
  const ways = waysOf(figures);
  return html`<h2>What it spares, and what it costs</h2>
${table({
  caption: `Shares of all scored incidents. In 95 of 100 such histories Mr Data would have spared ${interval(figures.pagesSparedInterval, percent)} and delayed ${interval(figures.realDelayedInterval, percent)}.`,
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

/** Ways that delay nearly everything would press the others into a corner: the drawing ends where the curve does. */
function tradeFigure(figures: BacktestFigures, ways: readonly Way[]): Markup {
  const reach: readonly Point[] = figures.coverageCurve.map(({ coverage, precision }) => ({
    x: coverage * (1 - precision),
    y: coverage * precision,
  }));
  const most = (values: readonly number[]) => Math.max(0.04, ...values);
  const end =
    1.1 * most(ways.filter(({ realDelayed }) => realDelayed < 0.5).map(({ realDelayed }) => 3 * realDelayed));
  const x = Math.min(1, Math.ceil(end * 20) / 20);
  const shown = reach.filter((point) => point.x <= x);
  const y = Math.min(1, Math.ceil(most(shown.map((point) => point.y)) * 10) / 10);
  const near = ways.filter(({ realDelayed, pagesSpared }) => realDelayed <= x && pagesSpared <= y);
  return figure(
    chart(
      "Pages spared against real incidents delayed, for every threshold and for the other ways",
      { title: "real ones delayed", max: x },
      { title: "pages spared", max: y },
      (scale) =>
        html`${curve(scale, [{ x: 0, y: 0 }, ...shown])}${near.map(
          ({ name, realDelayed, pagesSpared }) =>
            html`${dot(
              scale,
              { x: realDelayed, y: pagesSpared },
              `${name}: ${percent(pagesSpared)} spared, ${percent(realDelayed)} delayed`,
              { kind: name === "Mr Data" ? "other" : "soft" },
            )}${words(scale, { x: realDelayed, y: pagesSpared }, name)}`,
        )}`,
    ),
    "Up and to the left is better. The line is every threshold there could be, with the outcomes known; the dot is what the thresholds chosen on the past reached.",
    {
      head: ["Threshold", "Pages spared", "Real ones delayed"],
      rows: thinned(figures.coverageCurve).map(({ threshold, coverage, precision }) => [
        percent(threshold),
        percent(coverage * precision),
        percent(coverage * (1 - precision)),
      ]),
    },
  );
}

const MOST_ROWS = 12;

/** About a dozen points of a long line, the last one among them. */
export function thinned<T>(points: readonly T[]): readonly T[] {
  const step = Math.max(1, Math.ceil(points.length / MOST_ROWS));
  return points.filter((_, i) => (points.length - 1 - i) % step === 0);
}
