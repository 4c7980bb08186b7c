import { type Feature, featureTable, type ModelCard, type ModelVersion } from "@mrdata/learning";
import { html } from "./html.ts";
import { page } from "./page.ts";

const percent = (share: number | null): string => (share === null ? "–" : `${(100 * share).toFixed(1)} %`);

/** The page of a model's card (Mitchell et al. 2019, "Model cards for model reporting"). */
export function cardPage(card: ModelCard, details: ModelVersion["details"]): string {
  const { figures, rule } = card;
  const rows = [
    ["Trained at", card.trainedAt],
    ["Hold window", `${card.window / 60} min`],
    ["Learner", card.learner],
    [
      "Learnt from",
      `${card.incidents} incidents of ${card.services} services, ${card.from.slice(0, 10)} to ${card.to.slice(0, 10)}`,
    ],
    ["Holds from", card.threshold === null ? "never" : percent(card.threshold)],
    [
      "Threshold chosen so that",
      `what is held was right ${percent(rule.precision)} of the time over at least ${rule.rows} past predictions, and at most ${percent(rule.missBudget)} of the incidents that did not resolve themselves were held`,
    ],
    ["Seed", String(card.seed)],
  ];
  const quality = [
    ["AUC", figures.auc],
    ["Average precision", figures.averagePrecision],
    ["Brier score", figures.brier],
    ["Calibration error (ECE)", figures.ece],
    ["Pages spared (share of all)", figures.pagesSparedInterval],
    ["Real ones delayed (share of all)", figures.realDelayedInterval],
  ] as const;
  return page(
    "Mr Data: model card",
    html`<h1>Model card</h1>
<p class="lead">Predicts, at the moment an incident opens, whether it will resolve itself within the hold window. It is for holding a page back
for that long and for nothing else: not for closing, ranking or hiding incidents.</p>
${card.remark === null ? "" : html`<p class="remark">${card.remark}</p>`}
<table>${rows.map(([name = "", value = ""]) => html`<tr><td>${name}</td><td>${value}</td></tr>`)}</table>
<h2>On its own past</h2>
<table><caption>${figures.scored} incidents, each predicted by a model that knew nothing but what was known at the time.</caption>
<tr><th>Figure</th><th>Value</th><th>95 % interval</th></tr>
${quality.map(
  ([name, { value, low, high }]) =>
    html`<tr><td>${name}</td><td>${value.toFixed(3)}</td><td>${low.toFixed(3)} to ${high.toFixed(3)}</td></tr>`,
)}</table>
<h2>What it looks at</h2>
<table><tr><th>Feature</th><th>What it says</th></tr>${featureTable(details).map(
      ({ name, sentence }: Feature) => html`<tr><td>${name}</td><td>${sentence}</td></tr>`,
    )}</table>`,
  );
}
