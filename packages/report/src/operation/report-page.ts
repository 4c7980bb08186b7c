import { count } from "../format.ts";
import { html, type Markup } from "../html.ts";
import { page } from "../page.ts";
import { budgetSection } from "./budget-section.ts";
import { calibrationSection } from "./calibration-section.ts";
import { earlierOf } from "./earlier.ts";
import { forbiddenSection } from "./forbidden-section.ts";
import { heldSection } from "./held-section.ts";
import { modelsSection } from "./models-section.ts";
import { monitorsSection } from "./monitors-section.ts";
import { command, noLinks, plural, type ReportLinks, type Shown } from "./parts.ts";
import { figuresOf, within } from "./period-figures.ts";
import { periodsSection } from "./periods-section.ts";
import { refreshScript } from "./refresh.ts";
import type { ReportData } from "./report-data.ts";
import { servicesSection } from "./services-section.ts";
import { timelineSection } from "./timeline.ts";
import { nightsBefore, type Period, timesIn } from "./times.ts";

export type ReportPageOptions = {
  readonly links?: ReportLinks;
  /** Whether the page reloads every minute and counts down; only if a server delivers it. */
  readonly isLive?: boolean;
  /** Whether the reader can choose time zone and period; only if a server delivers it. */
  readonly hasControls?: boolean;
};

const DAY_MS = 86_400_000;

/** The report: tonight, current holds, last night and the whole period, and how far the bot can be trusted. */
export function reportPage(data: ReportData, options: ReportPageOptions = {}): string {
  const { links = noLinks, isLive = false, hasControls = false } = options;
  const { at, incidents, timeZone } = data;
  const times = timesIn(timeZone);
  const shown: Shown = { times, links };
  const { current, last } = nightsBefore(at, timeZone);
  const now = current ?? { from: last.to, to: at };
  return page(
    "Mr Data: report",
    html`<a class="skip" href="#main">Skip to the report</a>
<header><p class="over">Mr Data, ${times.moment(at)} (${timeZone})</p>
<h1>${headline(data)}</h1>
${hasControls ? controls(data, isLive) : ""}</header>
<main id="main">
${problems(data)}
${earlier(data)}
${tiles(data, current === null ? ["last night", last] : ["tonight", { from: current.from, to: at + 1 }])}
${heldSection(data.held, at, shown)}
${timelineSection(current === null ? "Today so far" : "Tonight", within(incidents, { from: now.from, to: at + 1 }), now, shown)}
${periodsSection(data, last, shown)}
${data.isCut ? html`<p class="soft-text">Only the newest ${count(incidents.length)} incidents are counted here, back to ${times.moment(incidents.at(-1)?.openedAt ?? at)}.</p>` : ""}
${budgetSection(data.budget, shown)}
${calibrationSection(data)}
${monitorsSection(data, shown)}
${servicesSection(data.services, shown)}
${modelsSection(data.models, shown)}
${forbiddenSection(data.forbidden, shown)}
</main>
<footer><p class="soft-text">This page can change nothing. To switch the bot off: ${command('mrdata disarm --all --why "…"')}, or the note <code>mrdata: disarm</code> on any incident.</p></footer>`,
    { script: isLive ? refreshScript : null, hasForm: hasControls },
  );
}

function headline({ held, incidents, disarmed, at }: ReportData): string {
  if (disarmed !== null) return "The bot is disarmed: everything is paged at once";
  if (held.length > 0) return `${plural(held.length, "page")} held back right now`;
  const { spared, late } = figuresOf(incidents, { from: at - DAY_MS, to: at + 1 });
  if (spared.length + late.length === 0) return "Nothing is held";
  return `${plural(spared.length, "page")} spared in the last day, ${late.length === 0 ? "none" : count(late.length)} late`;
}

function problems({ disarmed, settingsProblem }: ReportData): Markup {
  return html`${
    disarmed === null
      ? ""
      : html`<p class="remark bad">Disarmed by ${disarmed.who}: ${disarmed.why}. ${command("mrdata arm")} arms a service again.</p>`
  }${settingsProblem === null ? "" : html`<p class="remark bad">Nothing is held, for the settings cannot be read: ${settingsProblem}</p>`}`;
}

/** Says of a page of zeros that there is something to see at another time. */
function earlier(data: ReportData): Markup | string {
  const last = earlierOf(data);
  return last === null
    ? ""
    : html`<p class="remark">${last.sentence} ${command(`mrdata report ${last.option} --html report.html`)} tells of that time.</p>`;
}

function tiles(data: ReportData, [when, night]: readonly [string, Period]): Markup {
  const { incidents, since, at, budget, held } = data;
  const [nightFigures, all] = [
    figuresOf(incidents, night),
    figuresOf(incidents, { from: since, to: at + 1 }),
  ];
  const days = Math.max(1, Math.round((at - since) / DAY_MS));
  const cells: readonly (readonly [string, string])[] = [
    [count(held.length), "held now"],
    [count(nightFigures.spared.length), `spared ${when}`],
    [count(all.spared.length), `spared in ${plural(days, "day")}`],
    [count(all.late.length), `late in ${plural(days, "day")}`],
    [
      budget === null ? "–" : `${Math.min(999, Math.round(100 * budget.spent))} %`,
      "of the miss budget spent",
    ],
  ];
  return html`<ul class="tiles">${cells.map(([figure, says]) => html`<li><b>${figure}</b> ${says}</li>`)}</ul>`;
}

const DAYS = [1, 7, 30];
const ZONES = [
  "UTC",
  "Europe/London",
  "Europe/Berlin",
  "America/New_York",
  "America/Chicago",
  "America/Los_Angeles",
  "Asia/Kolkata",
  "Asia/Singapore",
  "Asia/Tokyo",
  "Australia/Sydney",
];

/** A form that requests the same page with other parameters; nothing is stored. */
function controls({ timeZone, at, since }: ReportData, isLive: boolean): Markup {
  const days = Math.round((at - since) / DAY_MS);
  const option = (value: string, text: string, isChosen: boolean) =>
    html`<option value="${value}"${isChosen ? " selected" : ""}>${text}</option>`;
  const zones = ZONES.includes(timeZone) ? ZONES : [timeZone, ...ZONES];
  const allDays = DAYS.includes(days) ? DAYS : [days, ...DAYS];
  return html`<form class="controls" method="get"><label>Time zone <select name="zone">${zones.map((zone) => option(zone, zone, zone === timeZone))}</select></label>
<label>Time <select name="days">${allDays.map((one) => option(String(one), plural(one, "day"), one === days))}</select></label>
<label>Loads again <select name="refresh">${option("on", "every minute", isLive)}${option("off", "never", !isLive)}</select></label>
<button>Show</button></form>`;
}
