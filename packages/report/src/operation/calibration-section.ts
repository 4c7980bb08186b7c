import { chart, diagonal, dot } from "../chart.ts";
import { figure } from "../figure.ts";
import { count, percent } from "../format.ts";
import { html, type Markup } from "../html.ts";
import { liveCalibration } from "./live-calibration.ts";
import type { ReportData } from "./report-data.ts";

/** Predicted probabilities against observed shares. */
export function calibrationSection({ incidents, models }: ReportData): Markup {
  const bins = liveCalibration(incidents);
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const promise = models.certificate === null ? "" : html`<p>${models.certificate}</p>`;
  return html`<h2 id="calibration">Promised and seen</h2>${promise}
${
  bins.length === 0
    ? html`<p class="soft-text">No incident of this time has both a prediction and an outcome yet.</p>`
    : figure(
        chart(
          "Live calibration: the share that resolved itself against the probability that was predicted",
          { title: "predicted", max: 1 },
          { title: "resolved itself", max: 1 },
          (scale) =>
            html`${diagonal(scale)}${bins.map(
              ({ predicted, interval }) =>
                html`<line class="band" x1="${scale.across(predicted)}" x2="${scale.across(predicted)}" y1="${scale.up(interval.low)}" y2="${scale.up(interval.high)}"/>`,
            )}${bins.map((bin) =>
              dot(
                scale,
                { x: bin.predicted, y: bin.observed },
                `predicted ${percent(bin.predicted)}, seen ${percent(bin.observed)}, ${count(bin.count)} incidents`,
                { weight: bin.count / most },
              ),
            )}`,
        ),
        "On the dashed line a probability means what it says. The strokes are 95 % intervals: where one crosses the line, what was seen agrees with what was promised.",
        {
          head: ["Predicted", "Resolved itself", "95 % interval", "Incidents"],
          rows: bins.map((bin) => [
            percent(bin.predicted),
            percent(bin.observed),
            `${percent(bin.interval.low)} to ${percent(bin.interval.high)}`,
            count(bin.count),
          ]),
        },
      )
}`;
}
