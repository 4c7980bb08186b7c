import { featureTable } from "@mrdata/learning";
import { expect, test } from "vitest";
import { cardPage } from "./card-page.ts";
import { someCard } from "./report.fixture.ts";

const card = someCard();
const details = { numbers: ["load"], texts: ["<region>"] };

test("a model card states purpose, training data, quality, and every feature in words", () => {
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
  for (const { name } of featureTable(details).filter(({ type }) => type !== "words"))
    expect(html).toContain(
      `<th scope="row" role="rowheader">${name.replace("<", "&lt;").replace(">", "&gt;")}</th>`,
    );
  expect(html).not.toMatch(/<region>|<script|https?:|src=|href=|NaN|undefined/);
});

test("words are one row, and with the model features are sorted by importance", () => {
  const table = featureTable(details);
  const [words, urgency] = ["words", "urgency"].map((type) => table.findIndex((one) => one.type === type));
  if (words === undefined || urgency === undefined) throw new Error("both are there");
  // Two words, the urgency, and a leaf, which splits nothing.
  const model = {
    feature: Int32Array.of(words, words + 1, urgency, -1),
    cover: Float32Array.of(50, 25, 25, 900),
  };
  const html = cardPage(card, details, model);
  expect(html.match(/<th scope="row" role="rowheader">words/g)).toHaveLength(1);
  const shares = [...html.matchAll(/rowheader">([\w.-]+)<\/th>.*<\/svg> ([\d.]+) %<\/span>/g)].map(
    ([, name, share]) => [name, share],
  );
  expect(shares.slice(0, 2)).toEqual([
    ["words", "75.0"],
    ["urgency", "25.0"],
  ]);
  expect(cardPage(card, details).match(/<th scope="row" role="rowheader">words/g)).toHaveLength(1);
});

test("a model that holds nothing says why", () => {
  const html = cardPage({ ...card, threshold: null, remark: "Too little was sure." }, details);
  expect(html).toContain("A model that holds nothing");
  expect(html).toContain("Too little was sure.");
});
