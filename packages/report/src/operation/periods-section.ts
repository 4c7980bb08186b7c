import { table } from "../figure.ts";
import { html, type Markup } from "../html.ts";
import { badge, command, plural, type Shown, serviceOf, timeAt, titleOf } from "./parts.ts";
import { figuresOf, type PeriodFigures } from "./period-figures.ts";
import type { ReportData, ReportIncident } from "./report-data.ts";
import { type Period, shortDuration } from "./times.ts";

const MAX_LATE = 100;

/** Last night and the whole period: figures, late pages by name, controls. */
export function periodsSection({ incidents, at, since }: ReportData, night: Period, shown: Shown): Markup {
  const { times } = shown;
  const periods: readonly (readonly [string, PeriodFigures])[] = [
    [`Last night, ${times.day(night.to)}`, figuresOf(incidents, night)],
    [`Since ${times.day(since)}`, figuresOf(incidents, { from: since, to: at + 1 })],
  ];
  const row = (name: string, of: (figures: PeriodFigures) => number) => [
    name,
    ...periods.map(([, figures]) => of(figures).toLocaleString("en")),
  ];
  const all = periods[1]?.[1];
  const unarmed = (all?.wouldSpare ?? 0) + (all?.wouldDelay ?? 0) > 0;
  return html`<h2 id="week">Last night and ${wholeTime(at - since)}</h2>
${table({
  label: "Figures of last night and of the whole time",
  head: ["What", ...periods.map(([name]) => name)],
  rows: [
    row("Incidents", ({ incidents: count }) => count),
    row("Spared: held, and they resolved themselves", ({ spared }) => spared.length),
    row("Late: held, and they needed a human", ({ late }) => late.length),
    row("Paged", ({ paged }) => paged),
    row("Controls: paged all the same, to learn from", ({ controls }) => controls.length),
    ...(unarmed
      ? [
          row("Not armed: would have been spared", ({ wouldSpare }) => wouldSpare),
          row("Not armed: would have been late", ({ wouldDelay }) => wouldDelay),
        ]
      : []),
  ],
})}
${all === undefined ? "" : listOf("Late, by name", "Nobody was paged late.", all.late, shown)}
${all === undefined || all.controls.length === 0 ? "" : html`<details><summary>${plural(all.controls.length, "control")}</summary>${entries(all.controls, shown)}</details>`}`;
}

const wholeTime = (ms: number): string => {
  const days = Math.round(ms / 86_400_000);
  return days === 7 ? "last week" : `the last ${plural(days, "day")}`;
};

const listOf = (title: string, none: string, incidents: readonly ReportIncident[], shown: Shown): Markup =>
  html`<h3>${title}</h3>
${incidents.length === 0 ? html`<p>${none}</p>` : entries(incidents, shown)}`;

const entries = (incidents: readonly ReportIncident[], shown: Shown): Markup =>
  html`<ol class="events days">${incidents
    .slice(0, MAX_LATE)
    .map(
      (one) =>
        html`<li>${timeAt(one.openedAt, shown.times.moment(one.openedAt))}<span class="what">${titleOf(one, shown)} <span class="soft-text">${serviceOf(one)}</span> ${badge(one)}${one.heldSeconds > 0 ? html` by ${shortDuration(one.heldSeconds)}` : ""}</span></li>`,
    )}</ol>${incidents.length > MAX_LATE ? html`<p class="soft-text">${plural(incidents.length - MAX_LATE, "more", "more")}: ${command("mrdata decisions --since 7d")}</p>` : ""}`;
