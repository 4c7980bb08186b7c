import { modelOf } from "@mrdata/forest";
import { createChallenger } from "@mrdata/functions";
import { NAMING_VERSION } from "@mrdata/incident";
import {
  backtestFigures,
  featureTable,
  fitTitleComponents,
  type ModelVersion,
  type ScoredIncident,
  titleWordsOf,
  writeVersion,
} from "@mrdata/learning";
import { createLedger, type LogEntry } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { createDiscreteClock } from "@mrdata/simulator";
import { describe, expect, onTestFinished, test } from "vitest";
import { compareVersions } from "../../packages/cli/src/models/compare-versions.ts";
import { modelsOf, somePast } from "../support/trained-version.ts";

const START = Date.parse("2026-03-01T00:00:00Z");
const WINDOW_MS = 300_000;

/** As few as make figures. */
const scored = somePast(START)
  .slice(0, 8)
  .map((incident, i): ScoredIncident => {
    const label = i % 2 === 0 ? 1 : 0;
    const holdBy = { certified: false, halfBudget: false, point: false };
    return { incident, probability: 0.5, rate: 0.5, hold: false, rateHold: false, holdBy, label };
  });

/** A version that knows one thing: where this feature is above three fifths, it clears itself. */
function version(
  windowMs: number,
  of = "alert-type.rateEver",
  learnt: Partial<ModelVersion> = {},
): ReadonlyMap<string, Uint8Array> {
  const { details = { numbers: [], texts: [] } } = learnt;
  const table = featureTable(details);
  const rate = table.findIndex(({ name }) => name === of);
  const tree = {
    feature: Int32Array.of(rate, -1, -1),
    threshold: Float32Array.of(0.6, 0, 0),
    left: Int32Array.of(1, -1, -1),
    defaultLeft: Uint8Array.of(1, 0, 0),
    value: Float32Array.of(0, 0.25, 0.75),
    cover: Float32Array.of(2, 1, 1),
  };
  const model = modelOf([tree], { kind: "forest", features: table.length, base: 0 });
  const at = new Date(START).toISOString();
  return writeVersion(
    {
      model,
      calibration: { kind: "identity" },
      past: [],
      ...learnt,
      details,
      card: {
        schema: 1,
        trainedAt: at,
        window: windowMs / 1000,
        learner: "forest",
        threshold: 0.7,
        rule: { precision: 0.9, rows: 20, missBudget: 0.1 },
        seed: 1,
        incidents: 300,
        from: at,
        to: at,
        services: 1,
        remark: null,
        certificate: null,
        fallback: null,
        figures: backtestFigures(scored),
      },
    },
    () => "",
  );
}

const OBSERVED = { service: "PDB", title: "Full at 80%", texts: { region: "north" } };

function setUp({ windowMs = WINDOW_MS, failing = false, challenger = version(windowMs) } = {}) {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  onTestFinished(() => ledger.close());
  const logged: LogEntry[] = [];
  const models = modelsOf({ v2: challenger });
  const clock = createDiscreteClock(START);
  const ask = createChallenger(
    {
      ledger: failing
        ? { ...ledger, noteChallenge: async () => Promise.reject(new Error("the ledger is down")) }
        : ledger,
      models,
      clock,
      log: (entry) => logged.push(entry),
    },
    { windowMs: WINDOW_MS },
  );
  const about = (incident: string, rateEver: number | null, probability: number | null = 0.9) =>
    ask({ incident, features: { "alert-type.rateEver": rateEver }, probability, openedAt: START }, OBSERVED);
  return { ledger, ask, about, logged, clock };
}

describe("the challenger", () => {
  test("is asked beside the champion; what it says is stored", async () => {
    const { ledger, about, logged } = setUp();
    await ledger.setAlias("challenger", "v2");
    await about("P1", 0.9);
    await about("P2", 0.1);
    await about("P3", null);
    const said = await ledger.challenges({ since: 0, limit: 10 });
    expect(Object.fromEntries(said.map(({ incident, probability }) => [incident, probability]))).toEqual({
      P1: 0.75,
      P2: 0.25,
      P3: 0.25,
    });
    expect(said[0]).toMatchObject({ version: "v2", openedAt: START });
    expect(logged).toEqual([]);
  });

  test.each<[what: string, feature: string, learnt: Partial<ModelVersion>]>([
    [
      "values",
      "values.effect",
      {
        details: { numbers: [], texts: ["region"], effects: true },
        valueEffects: { base: 0, effects: { "detail region=north": 2, "detail region=south": -2 } },
      },
    ],
    [
      "names",
      "learnt-name.rate",
      {
        details: { numbers: [], texts: [], learnt: true },
        learntNames: {
          naming: NAMING_VERSION,
          kept: [
            {
              service: "PDB",
              name: "full at <n>%",
              place: 0,
              values: [
                { value: "80", outcomes: 20, selfResolved: 20 },
                { value: "95", outcomes: 20, selfResolved: 0 },
              ],
            },
          ],
          volatile: [],
        },
      },
    ],
    [
      "components of titles",
      "title.component-1",
      {
        details: { numbers: [], texts: [], components: ["full, at"] },
        titleComponents: fitTitleComponents(
          titleWordsOf([{ title: "full at" }, { title: "checkout answers" }]),
          Int32Array.of(0, 1),
          1,
        ),
      },
    ],
  ])("goes by what it has itself learnt of %s, whatever the champion has", async (_, feature, learnt) => {
    const { ledger, ask, logged } = setUp({ challenger: version(WINDOW_MS, feature, learnt) });
    await ledger.setAlias("challenger", "v2");
    const other = {
      ...OBSERVED,
      title: learnt.titleComponents === undefined ? "Full at 95%" : "Checkout answers",
      texts: { region: "south" },
    };
    for (const champion of [null, 0, 9]) {
      const decided = { features: { [feature]: champion }, probability: 0.9, openedAt: START };
      await ask({ ...decided, incident: "P1" }, OBSERVED);
      await ask({ ...decided, incident: "P2" }, other);
      const said = await ledger.challenges({ since: 0, limit: 10 });
      expect(
        Object.fromEntries(said.map(({ incident, probability }) => [incident, probability])),
        String(champion),
      ).toEqual({ P1: 0.75, P2: 0.25 });
    }
    expect(logged).toEqual([]);
  });

  test("is nobody until there is one, and none for another window; where the champion abstained it is not asked", async () => {
    const { ledger, about } = setUp();
    await about("P1", 0.9);
    await ledger.setAlias("challenger", "v2");
    await about("P2", 0.9, null);
    expect(await ledger.challenges({ since: 0, limit: 10 })).toEqual([]);
    const other = setUp({ windowMs: 600_000 });
    await other.ledger.setAlias("challenger", "v2");
    await other.about("P1", 0.9);
    expect(await other.ledger.challenges({ since: 0, limit: 10 })).toEqual([]);
  });

  test.each(["a version that is gone", "a ledger that fails"])(
    "and %s fails nothing: it is logged",
    async (what) => {
      const { ledger, about, logged } = setUp({ failing: what === "a ledger that fails" });
      await ledger.setAlias("challenger", what === "a ledger that fails" ? "v2" : "v9");
      await about("P1", 0.9);
      expect(logged).toMatchObject([{ severity: "WARNING", event: "challenger.failed", incident: "P1" }]);
    },
  );

  test("that never answers is given up after two seconds", async () => {
    const { ledger, about, logged, clock } = setUp();
    await ledger.setAlias("challenger", "v2");
    ledger.alias = () => new Promise<never>(() => {});
    const asked = about("P1", 0.9);
    await clock.run(clock.now() + 2_000);
    await asked;
    expect(logged).toMatchObject([
      { event: "challenger.failed", reason: "the challenger took longer than 2 s" },
    ]);
  });
});

test.each([
  ["neither looks at a detail", [], [], []],
  ["both look at the same", ["region"], ["region"], []],
  ["the champion looks at more", ["region"], [], []],
  ["the challenger looks at more", [], ["region"], ["region"]],
] as const)(
  "a comparison names the details that were not read for the challenger: %s",
  async (_, own, its, expected) => {
    const looking = (texts: readonly string[]) =>
      version(WINDOW_MS, undefined, { details: { numbers: [], texts } });
    const ledger = {
      challenges: async () => [{ incident: "P1", version: "v2", probability: 0.8, openedAt: START }],
      prediction: async () => ({ probability: 0.9, model: "v1" }),
      incident: async () => ({ state: { outcome: "self-resolved" as const } }),
    };
    const models = modelsOf({ v1: looking(own), v2: looking(its) });
    const [compared] = await compareVersions({ ledger, models }, { since: 0, limit: 10 });
    expect(compared).toMatchObject({ challenger: "v2", incidents: 1, detailsNotRead: expected });
  },
);
