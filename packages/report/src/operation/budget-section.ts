import { figure } from "../figure.ts";
import { html, type Markup } from "../html.ts";
import type { Shown } from "./parts.ts";
import type { ReportBudget } from "./report-data.ts";

/** The miss budget as a sentence, and the evidence that it is exceeded as a line chart with the levels that warn and disarm. */
export function budgetSection(budget: ReportBudget | null, shown: Shown): Markup {
  if (budget === null) return html``;
  const { sentence, warning, exceeded, evidence } = budget;
  return html`<h2 id="budget">Miss budget</h2>
<p>${sentence}</p>
${exceeded === null ? "" : html`<p class="remark bad">${exceeded}</p>`}
${warning === null || exceeded !== null ? "" : html`<p class="remark">${warning}</p>`}
${
  evidence === null
    ? html`<p class="soft-text">There is no evidence yet: no incident of an armed service has needed a human since it was armed.</p>`
    : html`<p>Evidence that the miss rate is above the budget: <strong>${evidence.evidence.toFixed(2)}</strong>. At ${evidence.warnsAt.toFixed(0)} it warns, at ${evidence.disarmsAt} the bot disarms itself.</p>
${evidenceFigure(budget, evidence, shown)}`
}`;
}

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT] = [640, 200, 52, 26, 28, 14];

/** On a logarithmic scale, since evidence multiplies. */
function evidenceFigure(
  { line }: ReportBudget,
  { warnsAt, disarmsAt }: { readonly warnsAt: number; readonly disarmsAt: number },
  { times }: Shown,
): Markup {
  const [first, last] = [line[0], line.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const highest = Math.log(Math.max(disarmsAt * 1.6, ...line.map(({ evidence }) => evidence)));
  const lowest = Math.log(Math.min(0.5, ...line.map(({ evidence }) => Math.max(0.05, evidence))));
  const up = (value: number) =>
    (
      TOP +
      (1 - (Math.log(Math.max(0.05, value)) - lowest) / (highest - lowest)) * (HEIGHT - TOP - BOTTOM)
    ).toFixed(1);
  const across = (at: number) =>
    (LEFT + ((at - first.at) / Math.max(1, last.at - first.at)) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const level = (value: number, text: string) =>
    html`<line class="even" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${up(value)}" y2="${up(value)}"/><text x="${LEFT + 4}" y="${Number(up(value)) - 4}">${text}</text><text x="${LEFT - 6}" y="${Number(up(value)) + 4}" text-anchor="end">${value.toFixed(0)}</text>`;
  const drawing = html`<svg role="img" aria-label="Evidence that the miss rate is above the budget, after each incident that needed a human: from ${first.evidence.toFixed(2)} to ${last.evidence.toFixed(2)}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
${level(disarmsAt, "disarms")}${level(warnsAt, "warns")}${level(1, "nothing speaks for it")}
<polyline class="curve" points="${line.map(({ at, evidence }) => `${across(at)},${up(evidence)}`).join(" ")}"/>
<circle class="dot" cx="${across(last.at)}" cy="${up(last.evidence)}" r="4"/>
<text x="${LEFT}" y="${HEIGHT - 6}">${times.day(first.at)}</text><text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${times.day(last.at)}</text>
</svg>`;
  return figure(
    drawing,
    "Each incident that needed a human moves the line: up where it was held, a little down where it was paged.",
    {
      head: ["Opened", "Evidence"],
      rows: thinned(line).map(({ at, evidence }) => [times.moment(at), evidence.toFixed(2)]),
    },
    "broad",
  );
}

const MAX_ROWS = 12;

function thinned<T>(points: readonly T[]): readonly T[] {
  const step = Math.max(1, Math.ceil(points.length / MAX_ROWS));
  return points.filter((_, i) => (points.length - 1 - i) % step === 0);
}
