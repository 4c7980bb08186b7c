import { html, type Markup } from "./html.ts";
import { page } from "./page.ts";

/** The result of a tuning, as its page shows it. The keys are those of `--json`. */
export type TuneReport = {
  /** The job's id. */
  readonly job: string;
  readonly rows: number;
  readonly trials: readonly {
    readonly trial: number;
    readonly rung: number;
    readonly brier: number;
    readonly learner: string;
    readonly settings: Readonly<Record<string, number>>;
    readonly isUsual: boolean;
  }[];
  readonly best: readonly {
    readonly learner: string;
    readonly trial: number;
    readonly brier: number;
    readonly usual: number;
    readonly gain: number;
    readonly error: number;
    readonly isBetter: boolean;
  }[];
  readonly mattered: readonly {
    readonly learner: string;
    readonly setting: string;
    readonly share: number;
    readonly more: "better" | "worse";
  }[];
};

const WIDTH = 640;
const NAME_WIDTH = 210;
const ROW_HEIGHT = 22;
const MAX_BARS = 16;

/** A bar chart of importance: the share of the differences among trials that each setting accounts for. */
function importanceChart(mattered: TuneReport["mattered"]): Markup {
  const shown = mattered.slice(0, MAX_BARS);
  const height = ROW_HEIGHT * Math.max(1, shown.length) + 4;
  const described = shown.map(
    ({ learner, setting, share, more }) =>
      `${setting} of ${learner} ${Math.round(100 * share)} %, more of it is ${more}`,
  );
  return html`<svg role="img" aria-label="What mattered: ${described.join("; ")}" viewBox="0 0 ${WIDTH} ${height}">
${shown.map(
  (
    { learner, setting, share, more },
    i,
  ) => html`<text class="name" x="${NAME_WIDTH - 8}" y="${ROW_HEIGHT * i + 16}" text-anchor="end">${learner}: ${setting}</text>
<rect class="${more === "better" ? "dot" : "other"}" x="${NAME_WIDTH}" y="${ROW_HEIGHT * i + 5}" width="${Number((share * (WIDTH - NAME_WIDTH - 150)).toFixed(1))}" height="14"/>
<text x="${Number((NAME_WIDTH + share * (WIDTH - NAME_WIDTH - 150) + 8).toFixed(1))}" y="${ROW_HEIGHT * i + 16}">${Math.round(100 * share)} %, more is ${more}</text>`,
)}
</svg>`;
}

/** The page of a tuning: the best settings, the importance of each setting, and every trial. */
export function tunePage({ job, rows, trials, best, mattered }: TuneReport): string {
  const figure = (value: number) => value.toFixed(4);
  return page(
    `Tuning ${job}`,
    html`<header><p class="over">${job}</p><h1>What the learners are best made with</h1>
<p class="lead">${trials.length} trials, each measured by the rolling-origin backtest on ${rows} past incidents that certify nothing. Lower Brier scores are better.</p></header>
<h2>Beside today</h2>
<div class="wide"><table><thead><tr><th>learner</th><th>best that was tried</th><th>today</th><th>better by</th><th>one standard error</th><th></th></tr></thead><tbody>
${best.map((one) => html`<tr><th>${one.learner}</th><td>${figure(one.brier)}</td><td>${figure(one.usual)}</td><td>${figure(one.gain)}</td><td>${figure(one.error)}</td><td>${one.isBetter ? `trial ${one.trial} is tried as a version` : "today's stands"}</td></tr>`)}
</tbody></table></div>
<h2>What mattered</h2>
<figure>${importanceChart(mattered)}<figcaption>How much of the differences among a learner's trials a setting alone accounts for: the squared rank correlation with the Brier score, by which a setting that is best in the middle shows as less than it is.</figcaption></figure>
<h2>Trials</h2>
<div class="wide"><table><caption>A Brier score compares with those of the same rung: a ninth of the blocks, a third, all of them.</caption>
<thead><tr><th>trial</th><th>learner</th><th>rung</th><th>Brier score</th><th>settings</th></tr></thead><tbody>
${trials.map((one) => html`<tr><th>${one.isUsual ? `${one.trial} (today)` : one.trial}</th><td>${one.learner}</td><td>${one.rung}</td><td>${figure(one.brier)}</td><td>${settingsText(one.settings)}</td></tr>`)}
</tbody></table></div>`,
  );
}

/** The settings on one line. */
export const settingsText = (settings: Readonly<Record<string, number>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join(", ");
