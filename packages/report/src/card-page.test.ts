import { backtestFigures, featureTable, type ModelCard } from "@mrdata/learning";
import { expect, test } from "vitest";
import { cardPage } from "./card-page.ts";
import { scoredIncidents } from "./report.fixture.ts";

const card: ModelCard = {
  schema: 1,
  trainedAt: "2026-03-20T10:00:00.000Z",
  window: 300,
  learner: "boosting",
  threshold: 0.83,
  rule: { precision: 0.9, rows: 20, missBudget: 0.05 },
  seed: 1,
  incidents: 1_000,
  from: "2025-03-02T00:00:00.000Z",
  to: "2026-03-19T00:00:00.000Z",
  services: 7,
  remark: null,
  certificate: {
    budget: 0.1,
    delta: 0.1,
    real: 200,
    missesAllowed: 14,
    misses: 12,
    upperBound: 0.0873,
    threshold: 0.83,
    from: "2025-10-01T00:00:00.000Z",
    to: "2026-03-19T00:00:00.000Z",
  },
  fallback: null,
  figures: backtestFigures(scoredIncidents(200)),
  files: {},
};
const details = { numbers: ["load"], texts: ["<region>"] };

test("a model's card says what it is for, what it was made from, how good it was, and every feature in words", () => {
  const html = cardPage(card, details);
  for (const words of [
    "Holds a page from 83.0 % on",
    "within 5 minutes",
    "1,000 incidents of 7 services, 2025-03-02 to 2026-03-19",
    "at most 5 % of the incidents that did not resolve themselves were held",
    "With 90 % confidence, if what comes is like the past: at most 10 % of the incidents that need a human are delayed",
    "What it cannot know",
  ])
    expect(html).toContain(words);
  for (const { name } of featureTable(details))
    expect(html).toContain(
      `<th scope="row" role="rowheader">${name.replace("<", "&lt;").replace(">", "&gt;")}</th>`,
    );
  expect(html).not.toMatch(/<region>|<script|https?:|src=|href=|NaN|undefined/);
});

test("a model that holds nothing says why", () => {
  const html = cardPage({ ...card, threshold: null, remark: "Too little was sure." }, details);
  expect(html).toContain("A model that holds nothing");
  expect(html).toContain("Too little was sure.");
});
