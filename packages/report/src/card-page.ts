import {
  ageWeightedSentence,
  certificateSentence,
  featureTable,
  type ModelCard,
  type ModelVersion,
} from "@mrdata/learning";
import { bar, table } from "./figure.ts";
import { count, decimal, duration, interval, percent } from "./format.ts";
import { html } from "./html.ts";
import { featureImportances } from "./importance.ts";
import { page } from "./page.ts";
import { qualitySection } from "./quality.ts";
import { waysSection } from "./ways.ts";

/**
 * The page of a model card (Mitchell et al. 2019, "Model cards for model reporting"). If the model is given, its features are sorted by
 * importance.
 */
export function cardPage(
  card: ModelCard,
  details: ModelVersion["details"],
  model: Pick<ModelVersion["model"], "feature" | "cover"> | null = null,
): string {
  const { figures, rule } = card;
  return page(
    "Mr Data: model card",
    html`<header><p class="over">Model card</p>
<h1>${card.threshold === null ? "A model that holds nothing" : `Holds a page from ${percent(card.threshold)} on`}</h1>
<p class="lead">Predicts, at the moment an incident opens, whether it will resolve itself within ${duration(card.window)}. It is for holding a page back
for that long and for nothing else: not for closing, ranking or hiding incidents. For a service with another hold window it is refused.</p></header>
${card.remark === null ? "" : html`<p class="remark">${card.remark}</p>`}
<h2>What it was made from</h2>
${table({
  sentences: true,
  head: ["What", "Is"],
  rows: [
    ["Trained at", `${card.trainedAt.slice(0, 10)} ${card.trainedAt.slice(11, 16)} UTC`],
    ["Hold window", duration(card.window)],
    ["Learner", card.learner],
    [
      "Learnt from",
      `${count(card.incidents)} incidents of ${count(card.services)} services, ${card.from.slice(0, 10)} to ${card.to.slice(0, 10)}`,
    ],
    ["Holds from", card.threshold === null ? "never" : percent(card.threshold)],
    [
      "Threshold chosen so that",
      `what is held was right ${percent(rule.precision, 0)} of the time over at least ${rule.rows} past predictions, and at most ${percent(rule.missBudget, 0)} of the incidents that did not resolve themselves were held, as far as a certificate can say`,
    ],
    [
      "Certificate",
      card.certificate === null
        ? "none: of an armed service it holds nothing"
        : certificateSentence(card.certificate),
    ],
    ...(card.ageWeighted === undefined
      ? []
      : [["Weighted by age", ageWeightedSentence(card.ageWeighted)] as const]),
    ["Seed", String(card.seed)],
  ],
})}
<h2>On its own past</h2>
<p>${count(figures.scored)} incidents, each predicted by a model that knew nothing but what was known at the time. AUC ${decimal(figures.auc.value)}
(${interval(figures.auc)}).</p>
${waysSection(figures)}
${qualitySection(figures)}
<h2>What it looks at</h2>
${table({
  caption: `All of it known when the incident opens.${model === null ? "" : " The weightiest first: a feature's share of the rows that come by the splits of the trees."}`,
  sentences: true,
  head: ["Feature", "What it says", ...(model === null ? [] : ["Share of splits"])],
  rows: featureImportances(featureTable(details), model).map(({ name, sentence, importance }) => [
    name,
    sentence,
    ...(importance === null ? [] : [bar(importance, percent(importance))]),
  ]),
})}
<h2>What it cannot know</h2>
<p>Alerts that it has never seen, monitors that have changed, and whether anybody was hurt by an incident that resolved itself. Where the past
says too little it is not asked, and the page goes out.</p>`,
  );
}
