import { html, type Markup } from "../html.ts";
import { displayStatusOf } from "./display-status.ts";
import { displayText } from "./display-text.ts";
import { badge, command, plural, type Shown, serviceOf, timeAt, titleOf } from "./parts.ts";
import type { ReportIncident } from "./report-data.ts";
import { type Period, shortDuration } from "./times.ts";

const HOUR_MS = 3_600_000;
const LANE_HEIGHT = 40;
const TOP = 22;
const MAX_LANES = 8;
const MAX_MARKS = 400;
const MAX_UNFOLDED = 12;
const MAX_LISTED = 200;

/** The incidents of a period on a time line for each service, and as a list. `incidents`: newest first. */
export function timelineSection(
  title: string,
  incidents: readonly ReportIncident[],
  period: Period,
  shown: Shown,
): Markup {
  const summary =
    incidents.length === 0
      ? "Nothing opened."
      : `${plural(incidents.length, "incident")} since ${shown.times.moment(period.from)}.`;
  return html`<h2 id="tonight">${title}</h2>
<p class="soft-text">${summary}</p>
${incidents.length === 0 ? "" : html`${lanes(title, incidents, period, shown)}${listOf(incidents, shown)}`}`;
}

function lanes(title: string, incidents: readonly ReportIncident[], period: Period, shown: Shown): Markup {
  const { from, to } = period;
  const span = Math.max(HOUR_MS, to - from);
  const across = (at: number): string =>
    `${Math.max(0, Math.min(100, (100 * (at - from)) / span)).toFixed(2)}%`;
  const byService = [...Map.groupBy(incidents, ({ service }) => service).values()].sort(
    (a, b) => b.length - a.length,
  );
  const own = byService.slice(0, MAX_LANES);
  const others = byService.slice(MAX_LANES).flat();
  const rows = others.length === 0 ? own : [...own, others];
  const height = TOP + rows.length * LANE_HEIGHT;
  const ticks = ticksOf(period);
  return html`<svg class="lanes" role="img" height="${height}" aria-label="${title}: ${plural(incidents.length, "incident")} of ${plural(byService.length, "service")} by time of opening; the list below says the same">
${ticks.map(
  (at, i) =>
    html`<line class="axis" x1="${across(at)}" x2="${across(at)}" y1="16" y2="${height}"/><text x="${across(at)}" y="12" text-anchor="${i === 0 ? "start" : "middle"}">${shown.times.clock(at)}</text>`,
)}
${rows.map((row, i) => {
  const y = TOP + i * LANE_HEIGHT + 28;
  const [first] = row;
  const name =
    first === undefined || row === others ? "other services" : displayText(first.serviceName, first.service);
  return html`<text class="label" x="0" y="${y - 12}">${name.length > 40 ? `${name.slice(0, 39)}…` : name}</text>
<line class="lane" x1="0" x2="100%" y1="${y}" y2="${y}"/>
${row.slice(0, MAX_MARKS).map((one) => mark(one, across(one.openedAt), y, shown))}`;
})}
</svg>
<ul class="legend" aria-hidden="true">${legend.map(([slug, meaning]) => html`<li><svg width="16" height="16" viewBox="-8 -8 16 16"><path class="f-${slug}" d="${shapes[slug]}"/></svg> ${meaning}</li>`)}</ul>`;
}

/** Ticks at whole-hour steps, so that about six are labelled. */
function ticksOf({ from, to }: Period): readonly number[] {
  const hours = Math.max(1, Math.ceil((to - from) / HOUR_MS / 5));
  const count = Math.floor((to - from) / HOUR_MS / hours) + 1;
  return Array.from({ length: count }, (_, i) => from + i * hours * HOUR_MS);
}

// Distinguished by shape as well as by colour.
const shapes = {
  spared: "M-6 0a6 6 0 1 1 12 0a6 6 0 1 1-12 0z",
  late: "M0-8 8 6-8 6z",
  paged: "M-5-5h10v10h-10z",
  unneeded: "M0-7 7 0 0 7-7 0z",
  control: "M-2-7h4v5h5v4h-5v5h-4v-5h-5v-4h5z",
  other: "M-4-4h8v8h-8z",
  open: "M-7 0 0-7 0 7z",
} as const;

const legend = [
  ["spared", "spared"],
  ["late", "late"],
  ["paged", "paged, rightly"],
  ["unneeded", "paged, resolved itself"],
  ["control", "control"],
  ["open", "open or held"],
] as const;

function mark(one: ReportIncident, x: string, y: number, { times }: Shown): Markup {
  const { slug, label } = displayStatusOf(one);
  return html`<svg x="${x}" y="${y}" overflow="visible"><path class="f-${slug}" d="${shapes[slug]}"><title>${times.clock(one.openedAt)} ${displayText(one.title)}: ${label}</title></path></svg>`;
}

function listOf(incidents: readonly ReportIncident[], shown: Shown): Markup {
  const rest = incidents.slice(MAX_UNFOLDED, MAX_LISTED);
  const left = incidents.length - MAX_UNFOLDED - rest.length;
  return html`<ol class="events" aria-label="The newest first">${incidents.slice(0, MAX_UNFOLDED).map((one) => entry(one, shown))}</ol>
${
  rest.length === 0
    ? ""
    : html`<details><summary>${plural(incidents.length - MAX_UNFOLDED, "earlier one")}</summary>
<ol class="events">${rest.map((one) => entry(one, shown))}</ol>
${left > 0 ? html`<p class="soft-text">${plural(left, "more", "more")}: ${command("mrdata decisions --since 24h")}</p>` : ""}</details>`
}`;
}

const entry = (one: ReportIncident, shown: Shown): Markup =>
  html`<li>${timeAt(one.openedAt, shown.times.clock(one.openedAt))}<span class="what">${titleOf(one, shown)} <span class="soft-text">${serviceOf(one)}</span> ${badge(one)}${one.heldSeconds > 0 && one.mode === "armed" ? html` <span class="soft-text">held ${shortDuration(one.heldSeconds)}</span>` : ""}</span></li>
`;
