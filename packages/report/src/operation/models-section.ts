import { table } from "../figure.ts";
import { html, type Markup } from "../html.ts";
import { command, type Shown } from "./parts.ts";
import type { ReportModels } from "./report-data.ts";

/** Champion, challenger, and the training schedule. */
export const modelsSection = (models: ReportModels, { times }: Shown): Markup =>
  html`<h2 id="models">Model versions</h2>
${models.paused === null ? "" : html`<p class="remark">Nothing becomes champion by itself: ${models.paused}. ${command("mrdata models resume")} lets it again.</p>`}
${models.drifted.map((sentence) => html`<p class="remark">${sentence}</p>`)}
${table({
  label: "Model versions",
  sentences: true,
  head: ["What", "Is"],
  rows: [
    ["Champion", models.champion ?? "none: the alert's own rate stands in"],
    ["Challenger", models.challenger ?? "none"],
    ["Previous champion", models.previous ?? "none"],
    ["Last training", models.lastTraining ?? "no job has trained yet"],
    [
      "Next training",
      models.nextTrainingAt === null ? "none begins by itself" : times.moment(models.nextTrainingAt),
    ],
  ],
})}`;
