import type { IncidentState } from "@mrdata/incident";
import type { Challenge } from "@mrdata/platform";
import { expect, test } from "vitest";
import { type CompareOptions, compareVersions } from "./compare-versions.ts";

/** Of each incident: the champion's and the challenger's probability, and how it ended. */
type Told = readonly [champion: number | null, challenger: number, outcome: IncidentState["outcome"]];

const told: Readonly<Record<string, Told>> = {
  P1: [0.9, 0.95, "self-resolved"],
  P2: [0.9, 0.2, "needed-human"],
  P3: [0.3, 0.9, "self-resolved"],
  P4: [0.6, 0.9, "unknown"],
  P5: [0.9, 0.9, null],
  P6: [null, 0.9, "self-resolved"],
  P7: [0.9, 0.9, "merged"],
};

const challenges = Object.entries(told).map(
  ([incident, [, probability]]): Challenge => ({ incident, version: "v2", probability, openedAt: 1 }),
);
const card = (threshold: number | null) => Buffer.from(JSON.stringify({ ...cardOf, threshold }));
const at = "2026-03-01T00:00:00.000Z";
const cardOf = {
  schema: 1,
  trainedAt: at,
  window: 300,
  learner: "rates",
  rule: { precision: 0.9, rows: 20, missBudget: 0.1 },
  seed: 1,
  incidents: 300,
  from: at,
  to: at,
  services: 1,
  remark: null,
  figures: { scored: 1, auc: 1 },
  files: {},
};
const options: CompareOptions = { since: 0, limit: 100 };

test("champion and challenger are compared on ended incidents: Brier score, holds, and the real ones among them", async () => {
  const [compared, ...others] = await compareVersions(
    {
      ledger: {
        challenges: async () => challenges,
        prediction: async (incident) => ({ probability: told[incident]?.[0] ?? null, model: "v1" }),
        incident: async (incident) => ({ state: { outcome: told[incident]?.[2] ?? null } }),
      },
      models: { read: async (version) => card(version === "v1" ? 0.8 : 0.85) },
    },
    options,
  );
  expect(others).toEqual([]);
  expect(compared).toMatchObject({
    challenger: "v2",
    incidents: 4,
    real: 2,
    champion: { held: 2, delayed: 1 },
    challengerSaid: { held: 3, delayed: 1 },
  });
  expect(compared?.champion.brier).toBeCloseTo((0.01 + 0.81 + 0.49 + 0.36) / 4, 12);
  expect(compared?.challengerSaid.brier).toBeCloseTo((0.0025 + 0.04 + 0.01 + 0.81) / 4, 12);
});
