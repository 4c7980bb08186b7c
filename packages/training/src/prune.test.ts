import type { ModelAlias, ModelStore } from "@mrdata/platform";
import { expect, test } from "vitest";
import { pruneVersions } from "./prune.ts";

const DAY = 86_400_000;
const NOW = Date.parse("2026-06-01T00:00:00Z");

const cardOf = (ageDays: number) => {
  const trainedAt = new Date(NOW - ageDays * DAY).toISOString();
  return Buffer.from(
    JSON.stringify({
      schema: 1,
      trainedAt,
      window: 300,
      learner: "rates",
      threshold: null,
      rule: { precision: 0.9, rows: 20, missBudget: 0.1 },
      seed: 1,
      incidents: 300,
      from: trainedAt,
      to: trainedAt,
      services: 1,
      remark: null,
      figures: { scored: 1, auc: 1 },
      files: {},
    }),
  );
};

/** Versions from v1 on, oldest first, spaced by the given number of days. */
function storeOf(count: number, daysApart: number) {
  const cards = new Map<string, Buffer>(
    Array.from({ length: count }, (_, i) => [`v${i + 1}`, cardOf((count - i) * daysApart)] as const),
  );
  const models: ModelStore = {
    versions: async () => [...cards.keys()],
    read: async (version) => cards.get(version) ?? null,
    publish: async () => {},
    remove: async (version) => {
      cards.delete(version);
    },
  };
  return { models, cards };
}
const ledgerOf = (aliases: Partial<Record<ModelAlias, string>>) => ({
  alias: async (name: ModelAlias) => aliases[name] ?? null,
  predictions: async () => [],
});

test("the newest twenty stay, however old, and of the others those younger than 400 days", async () => {
  const old = storeOf(25, 100);
  expect(await pruneVersions(NOW, { ledger: ledgerOf({}), models: old.models })).toEqual([
    "v5",
    "v4",
    "v3",
    "v2",
    "v1",
  ]);
  expect([...old.cards.keys()]).toHaveLength(20);
  const weekly = storeOf(60, 7);
  expect(await pruneVersions(NOW, { ledger: ledgerOf({}), models: weekly.models })).toEqual([
    "v3",
    "v2",
    "v1",
  ]);
});

test("champion, previous and challenger stay, and what cannot be read", async () => {
  const { models, cards } = storeOf(25, 100);
  cards.set("v4", Buffer.from("{"));
  const ledger = ledgerOf({ champion: "v1", previous: "v2", challenger: "v3" });
  expect(await pruneVersions(NOW, { ledger, models })).toEqual(["v5"]);
});

const said = (count: number, model: string) => Array.from({ length: count }, () => ({ model }));
test("versions named by a prediction of the last 90 days stay, and nothing is deleted if not all predictions can be searched", async () => {
  const asked: unknown[] = [];
  const ledgerThatSays = (predictions: readonly { model: string }[]) => ({
    ...ledgerOf({}),
    predictions: async (of: unknown) => {
      asked.push(of);
      return predictions;
    },
  });
  const { models } = storeOf(23, 100);
  expect(await pruneVersions(NOW, { ledger: ledgerThatSays(said(20_000, "v9")), models })).toEqual([]);
  expect(await pruneVersions(NOW, { ledger: ledgerThatSays(said(3, "v2")), models })).toEqual(["v3", "v1"]);
  expect(asked).toEqual([1, 2].map(() => ({ since: NOW - 90 * DAY, limit: 20_000 })));
});
