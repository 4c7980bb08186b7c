import { type Certificate, modelCard } from "@mrdata/learning";
import { defaultSettings, type Settings, UnreadableDocumentError } from "@mrdata/platform";
import { expect, test } from "vitest";
import { checkChampion } from "./check-champion.ts";
import type { CheckOptions, CheckPorts } from "./check-ports.ts";
import { defaultLimits } from "./check-ports.ts";

const NOW = Date.parse("2026-03-02T00:00:00Z");
const DAY = 86_400_000;

const promised: Certificate = {
  budget: 0.1,
  delta: 0.1,
  real: 200,
  missesAllowed: 14,
  misses: 10,
  upperBound: 0.08,
  threshold: 0.9,
  from: "2026-01-01T00:00:00.000Z",
  to: "2026-03-01T00:00:00.000Z",
};

const cardWith = (certificate: Certificate | null) =>
  modelCard.parse({
    schema: 1,
    trainedAt: "2026-03-01T00:00:00.000Z",
    window: 300,
    learner: "rates",
    threshold: 0.9,
    rule: { precision: 0.9, rows: 20, missBudget: 0.1 },
    seed: 1,
    incidents: 300,
    from: "2026-01-01T00:00:00.000Z",
    to: "2026-03-01T00:00:00.000Z",
    services: 1,
    remark: null,
    certificate,
    figures: { scored: 40, auc: { value: 0.8, low: 0.7, high: 0.9 } },
    files: {},
  });

const options: CheckOptions = {
  armed: [],
  bot: null,
  automations: [],
  from: null,
  windowMs: 300_000,
  maxModelAge: 90 * DAY,
  fallbackPolicy: null,
  webhookUrl: null,
  ...defaultLimits,
};

async function detailOf(certificate: Certificate | null, settings: () => Promise<Settings>): Promise<string> {
  const ports: CheckPorts = {
    pagerduty: null,
    ledger: { alias: async () => "v3", lastSeen: async () => null, settings },
    cardOf: async () => cardWith(certificate),
    clock: { now: () => NOW, sleep: async () => {} },
    deadLetters: null,
    budget: null,
    history: null,
    probe: null,
  };
  const { check } = await checkChampion(ports, options);
  expect(check.state).toBe("ok");
  return check.sentence;
}

test.each([
  ["none at all", null, {}, /it has no certificate for the miss budget, so nothing is held above annotate/],
  [
    "a budget that was lowered since",
    promised,
    { missBudget: 0.05 },
    /for a miss budget of 10 %, and 5 % is set, so nothing is held/,
  ],
  [
    "a delta that was lowered since",
    promised,
    { certificate: { delta: 0.05, days: 180 } },
    /with 90 % confidence, and 95 % is set .*, so nothing is held/,
  ],
  [
    "one made for more than is set",
    { ...promised, budget: 0.5, delta: 0.5 },
    {},
    /for a miss budget of 50 %, and 10 % is set/,
  ],
] as const)(
  "the champion's certificate does not count, and it is told how to renew it: %s",
  async (_, certificate, set, said) => {
    const detail = await detailOf(certificate, async () => ({ ...defaultSettings, ...set }));
    expect(detail).toMatch(said);
    expect(detail).toContain("until a new one is trained: mrdata train --promote");
  },
);

test("a certificate that covers the settings has no remark, nor has one when the settings cannot be read", async () => {
  const rest = "Model version v3 is champion, trained 1 days ago.";
  expect(await detailOf(promised, async () => defaultSettings)).toBe(rest);
  expect(await detailOf({ ...promised, budget: 0.01, delta: 0.01 }, async () => defaultSettings)).toBe(rest);
  const unreadable = async () => {
    throw new UnreadableDocumentError("settings/bot", "services", "is no list");
  };
  expect(await detailOf(promised, unreadable)).toBe(rest);
});
