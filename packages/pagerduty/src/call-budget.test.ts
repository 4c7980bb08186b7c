import { expect, test } from "vitest";
import { createCallBudget } from "./call-budget.ts";

const headers = (values: Readonly<Record<string, string>>) => ({
  get: (name: string) => values[name] ?? null,
});

test("the share of remaining calls comes from the last answer, until the minute is over", () => {
  let now = 1_000;
  const budget = createCallBudget(() => now);
  expect(budget.shareLeft()).toBeNull();
  budget.note(headers({ "ratelimit-limit": "960", "ratelimit-remaining": "240", "ratelimit-reset": "20" }));
  expect(budget.shareLeft()).toBe(0.25);
  now += 20_000;
  expect(budget.shareLeft()).toBeNull();
});

test.each([
  [{}],
  [{ "ratelimit-limit": "960" }],
  [{ "ratelimit-limit": "0", "ratelimit-remaining": "0", "ratelimit-reset": "5" }],
  [{ "ratelimit-limit": "many", "ratelimit-remaining": "1", "ratelimit-reset": "5" }],
])("an answer without it changes nothing: %j", (values) => {
  const budget = createCallBudget(() => 0);
  budget.note(headers(values));
  expect(budget.shareLeft()).toBeNull();
});
