import { NIGHT_HOURS } from "@mrdata/incident";
import type { BacktestFigures, GroupFigures, HoldChoices } from "@mrdata/learning";
import { choicesSection } from "./choices-section.ts";
import { bar, table } from "./figure.ts";
import { count, decimal, duration, percent } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { page } from "./page.ts";
import { qualitySection } from "./quality.ts";
import { waysSection } from "./ways.ts";

export type BacktestReport = {
  readonly file: string;
  /** The hold window, seconds. */
  readonly window: number;
  readonly incidents: number;
  /** When the first and the last predicted incident opened, milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  readonly figures: BacktestFigures;
  readonly refits: readonly {
    readonly from: string;
    readonly learntFrom: number;
    readonly learner: string;
    readonly threshold: number | null;
  }[];
  /** Remarks that the reader must not overlook, one sentence each. */
  readonly remarks: readonly string[];
  /** Where nothing can be certified: what may be chosen instead; else null. */
  readonly choices: HoldChoices | null;
};

/** The page of a backtest: pages spared and their cost, reliability of the probabilities, and a comparison with other ways of paging. */
export function backtestPage(report: BacktestReport): string {
  const { figures, refits, remarks, window, timeZone, choices } = report;
  return page(
    "Mr Data: backtest",
    html`<header><p class="over">Backtest of ${report.file}</p>
<h1>${headline(report)}</h1>
<p class="lead">${count(report.incidents)} incidents, hold window ${duration(window)}. The last ${count(figures.scored)} were predicted one by one, by models
that knew nothing but what was known at the time; ${percent(figures.baseRate)} of them resolved themselves.</p></header>
${remarks.map((remark) => html`<p class="remark">${remark}</p>`)}
${tiles(figures)}
${choices === null ? "" : choicesSection(choices, timeZone)}
${waysSection(figures)}
${qualitySection(figures)}
${groupsSection("By night and day", "Opened by", figures.byTime, `Night is from ${NIGHT_HOURS}, ${timeZone}.`)}
${groupsSection("By service", "Service", figures.byService)}
<h2>How it was done</h2>
<p>The last 40 % of the history is cut into ${refits.length} blocks. Each is predicted by a model that learnt from what was known when the block
began, and held by a threshold that was chosen on predictions made before it. Nothing was split at random, and no threshold has seen
what it is judged by. “Resolved itself” means cleared by the monitor within ${duration(window)}, with no person doing more than acknowledge;
what nobody knows counts as not.</p>
<details><summary>The blocks</summary>
${table({
  head: ["From", "Learnt from", "Learner", "Held from"],
  rows: refits.map(({ from, learntFrom, learner, threshold }) => [
    `${from.slice(0, 10)} ${from.slice(11, 16)}`,
    count(learntFrom),
    learner,
    threshold === null ? "held nothing" : percent(threshold),
  ]),
})}</details>`,
  );
}

function headline({ figures, window, from, to, timeZone }: BacktestReport): string {
  const { scored, pagesSpared, realDelayed } = figures;
  const [spared, delayed] = [pagesSpared * scored, realDelayed * scored];
  const span = `From ${dayIn(timeZone, from)} to ${dayIn(timeZone, to)}`;
  if (Math.round(spared + delayed) === 0) return `${span}, Mr Data would have held nothing`;
  return `${span}, Mr Data would have spared ${count(spared)} pages, and been ${duration(window)} late with ${count(delayed)} real incidents at the most`;
}

const dayIn = (timeZone: string, at: number): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "long", year: "numeric" }).format(at);

function tiles({ pagesSpared, realDelayed, precision, auc }: BacktestFigures): Markup {
  const all = [
    [percent(pagesSpared), "of all pages spared"],
    [percent(realDelayed), "of all were real, and held"],
    [percent(precision), "of what was held resolved itself"],
    [decimal(auc.value), "AUC: .5 is a coin, 1 never wrong"],
  ];
  return html`<ul class="tiles">${all.map(([figure = "", says = ""]) => html`<li><b>${figure}</b> ${says}</li>`)}</ul>`;
}

function groupsSection(title: string, what: string, groups: readonly GroupFigures[], note?: string): Markup {
  return html`<h2>${title}</h2>
${table({
  ...(note === undefined ? {} : { caption: note }),
  head: [what, "Scored", "Resolved itself", "Pages spared", "Real ones delayed", "Held and right", "AUC"],
  rows: groups.map((group) => [
    group.name,
    count(group.scored),
    percent(group.baseRate),
    bar(group.pagesSpared, percent(group.pagesSpared)),
    bar(group.realDelayed, percent(group.realDelayed), "other"),
    percent(group.precision),
    decimal(group.auc),
  ]),
})}`;
}
