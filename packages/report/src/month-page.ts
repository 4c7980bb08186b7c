import type { EqualHarm } from "@mrdata/learning";
import { chart, curve, labels } from "./chart.ts";
import { html } from "./html.ts";
import { page } from "./page.ts";

/** The headline for each verdict. */
const headlines = {
  ahead: "At equal harm the model spares more pages than the alert's own rate",
  behind: "Here the model spares fewer pages than the alert's own rate",
  "not told apart": "Here the model and the alert's own rate cannot be told apart",
} as const;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A month of past predictions at equal harm: pages spared against real incidents delayed, as a chart and a table. */
export function monthPage({ incidents, real, unneeded, levels, verdict }: EqualHarm, notice: string): string {
  const most = levels.at(-1)?.realDelayed ?? 1;
  const highest = Math.min(1, Math.ceil(10 * Math.max(...levels.map(({ model }) => model.high), 0.1)) / 10);
  const points = (of: "model" | "ownRate", side: "value" | "low" | "high") =>
    levels.map((level) => ({ x: level.realDelayed, y: level[of][side] }));
  const last = (of: "model" | "ownRate") => points(of, "value").at(-1) ?? { x: 0, y: 0 };
  const label = `Share of unneeded pages spared against share of real incidents delayed. ${headlines[verdict]}.`;
  return page(
    "A month at equal harm",
    html`<header>
<p class="over">Mr Data, a month</p>
<h1>${headlines[verdict]}</h1>
<p class="lead">${notice} Each prediction was made with what was known when the incident opened: ${incidents} incidents, ${real} of which needed a human, and ${unneeded} pages that nobody needed.</p>
</header>
<figure>
${chart(
  label,
  { title: "real incidents delayed", max: most },
  { title: "unneeded pages spared", max: highest },
  (scale) => {
    const band = [...points("model", "high"), ...points("model", "low").toReversed()];
    return html`<polygon class="curve" style="fill: var(--mark); fill-opacity: .15; stroke: none" points="${band.map(({ x, y }) => `${scale.across(x)},${scale.up(y)}`).join(" ")}"/>
<g style="stroke-dasharray: 6 4">${curve(scale, points("ownRate", "value"))}</g>
${curve(scale, points("model", "value"))}
${labels(scale, [
  { point: last("model"), text: "the model" },
  { point: last("ownRate"), text: "the alert's own rate" },
])}`;
  },
)}
<figcaption>Both delay as many real incidents at each point of the line across. The band is where the model's line lies in 95 of 100 samples of whole days.</figcaption>
</figure>
<h2>The same as a table</h2>
<div class="wide"><table>
<thead><tr><th scope="col">real incidents delayed</th><th scope="col">spared by the model</th><th scope="col">by the own rate</th><th scope="col">ahead by (95 %)</th></tr></thead>
<tbody>
${levels.map(
  ({ realDelayed, model, ownRate, ahead }) =>
    html`<tr><th scope="row">${percent(realDelayed)}</th><td>${percent(model.value)}</td><td>${percent(ownRate.value)}</td><td>${percent(ahead.low)} to ${percent(ahead.high)}</td></tr>
`,
)}</tbody>
</table></div>`,
  );
}
