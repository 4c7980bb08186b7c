import { createHash } from "node:crypto";
import { NAMING_VERSION } from "@mrdata/incident";
import { beforeAll, describe, expect, test } from "vitest";
import { featuresOf, featureTable } from "./feature-table.ts";
import { fitTitleComponents, wordsOfComponents } from "./fit-title-components.ts";
import { forecaster, forecastOfFeatures } from "./forecast.ts";
import { quickLearners, someHistory } from "./history.fixture.ts";
import { intervalOf } from "./interval.ts";
import { type ModelVersion, readVersion, sealCard, type VersionFile, writeVersion } from "./model-version.ts";
import { historicalRateModel } from "./own-rate.ts";
import { movedBy, reasonsOf } from "./reasons.ts";
import { componentsOf } from "./title-components.ts";
import { titleWordsOf } from "./title-words.ts";
import { type TrainedVersion, trainVersion } from "./train-version.ts";
import { verifyCertificates } from "./verify-certificate.ts";

const MINUTE = 60_000;
const rule = { precision: 0.9, rows: 20, missBudget: 0.1 };
const options = { windowMs: 30 * MINUTE, refits: 2, seed: 1, trees: 20, rule, settings: quickLearners };
const history = someHistory(600);
const now = (history.at(-1)?.createdAt ?? 0) + MINUTE;

describe("a model version", () => {
  let trained: TrainedVersion;
  let files: ReadonlyMap<VersionFile, Uint8Array>;
  beforeAll(async () => {
    trained = await trainVersion(history, { ...options, now });
    files = writeVersion(trained, ({ learner }) => `<!doctype html><p>${learner}</p>`);
  }, 120_000);
  const readWith = (changes: Partial<Record<VersionFile, string | null>>): Promise<ModelVersion> =>
    readVersion(async (file) => {
      const change = changes[file];
      return change === undefined ? (files.get(file) ?? null) : change === null ? null : Buffer.from(change);
    });
  const textOf = (file: VersionFile) => Buffer.from(files.get(file) ?? []).toString("utf8");

  test("reports the results of its threshold on the past that it was chosen on, within the rule", () => {
    const { threshold } = trained.card;
    if (threshold === null || trained.onPast === null) throw new Error("it holds nothing");
    const { predictions, pagesSpared, realDelayed } = trained.onPast;
    const held = (pagesSpared + realDelayed) * predictions;
    expect(Math.round(held)).toBeCloseTo(held, 6);
    expect(held).toBeGreaterThanOrEqual(rule.rows - 1e-6);
    expect(pagesSpared / (pagesSpared + realDelayed)).toBeGreaterThanOrEqual(rule.precision - 1e-9);
  });

  test("is a folder of five files, and answers the same after it was written and read", async () => {
    expect([...files.keys()]).toEqual([
      "model.bst",
      "calibration.json",
      "features.json",
      "card.json",
      "card.html",
    ]);
    const read = await readWith({});
    expect({ ...read.card, files: null }).toEqual({ ...trained.card, files: null });
    // Reading it again does not parse the same file again.
    expect((await readWith({})).model).toBe(read.model);
    const situation = {
      openedAt: now,
      urgency: "high",
      title: "disk full",
      values: {},
      alertType: [],
      service: [],
      texts: {},
      numbers: { load: 40 },
      organisation: { hour: 1, day: 10, week: 70 },
    } as const;
    const [here, there] = [
      forecaster({ ...trained, card: read.card })(situation),
      forecaster(read)(situation),
    ];
    expect(there.probability).toBeCloseTo(here.probability, 6);
    expect(there.features).toEqual(here.features);
    expect(forecastOfFeatures(read, there.features).probability).toBe(there.probability);
    expect(there.interval.low).toBeLessThanOrEqual(there.probability);
    expect(there.interval.high).toBeGreaterThanOrEqual(there.probability);
  });

  test("stores the effects of values across services where its features use them, and is refused without", async () => {
    const details = { numbers: [], texts: ["region"], effects: true } as const;
    const model = historicalRateModel(featureTable(details).length, Float32Array.of(0.1, 0.5, 0.9));
    const valueEffects = { base: 0.25, effects: { "detail region=north": -0.5 } };
    const { card } = trained;
    const filesOf = (version: Partial<ModelVersion>) =>
      writeVersion(
        { model, calibration: trained.calibration, past: [], details, ...version, card },
        () => "",
      );
    const written = filesOf({ valueEffects });
    const read = await readVersion(async (file) => written.get(file) ?? null);
    expect(read.details).toEqual(details);
    expect(read.valueEffects).toEqual(valueEffects);
    const without = filesOf({});
    await expect(readVersion(async (file) => without.get(file) ?? null)).rejects.toThrow(
      "does not say what values say",
    );
  });

  describe("with components of titles", () => {
    const titles = history.map(({ title }) => ({ title })).concat({ title: "Replica lags" });
    const components = fitTitleComponents(titleWordsOf(titles), Int32Array.from(titles.keys()), 4);
    const about = wordsOfComponents(components, titles);
    const readingOf = (titleComponents: unknown, named: readonly string[] = about) => {
      const details = { numbers: [], texts: [], components: named };
      const model = historicalRateModel(featureTable(details).length, Float32Array.of(0.1, 0.5, 0.9));
      const written = writeVersion(
        { model, calibration: trained.calibration, past: [], details, card: trained.card },
        () => "",
      );
      const changed = JSON.stringify({
        ...JSON.parse(Buffer.from(written.get("features.json") ?? []).toString("utf8")),
        titleComponents,
      });
      const card = JSON.parse(Buffer.from(written.get("card.json") ?? []).toString("utf8"));
      card.files["features.json"] = createHash("sha256").update(changed).digest("hex");
      const files = new Map(written)
        .set("features.json", Buffer.from(changed))
        .set("card.json", sealCard(card));
      return readVersion(async (file) => files.get(file) ?? null);
    };

    test("stores them, and gives a title their values", async () => {
      const read = await readingOf(components);
      expect(read.titleComponents).toEqual(components);
      const named = featureTable(read.details).filter(({ type }) => type === "component");
      expect(named.map(({ name }) => name)).toEqual(about.map((_, k) => `title.component-${k + 1}`));
      expect(named[0]?.sentence).toMatch(/^title component 1: [a-z]+, [a-z]+/);
      const { features } = forecaster(read)({
        openedAt: now,
        urgency: "high",
        title: "replica lags",
        values: {},
        alertType: [],
        service: [],
        texts: {},
        numbers: {},
        organisation: { hour: 1, day: 10, week: 70 },
        titleComponents: componentsOf(components, "Replica lags"),
      });
      expect(named.map(({ name }) => features[name])).toEqual(
        componentsOf(components, "Replica lags").map(Math.fround),
      );
    });

    const [first, ...others] = components;
    test.each([
      ["none of those that are named", undefined, /names \d components of titles and has 0$/],
      ["one too few", others, /names \d components of titles and has \d$/],
      ["too many", Array(17).fill(first), /its features.json cannot be read: titleComponents: /],
      [
        "a place too few",
        [{ ...first, loadings: first?.loadings.slice(1) }, ...others],
        /titleComponents.0.loadings: /,
      ],
      ["what is no number", [{ ...first, mean: null }, ...others], /titleComponents.0.mean: /],
      ["a text", "components", /titleComponents: /],
    ])("is refused with %s", async (_, wrong, sentence) => {
      await expect(readingOf(wrong)).rejects.toThrow(sentence);
    });
    test("is refused with components that it does not name", async () => {
      await expect(readingOf(components, [])).rejects.toThrow(/names 0 components of titles and has \d$/);
    });
  });

  test("stores what it has learnt of names, and is refused without, or under another naming version", async () => {
    const details = { numbers: [], texts: [], learnt: true } as const;
    const model = historicalRateModel(featureTable(details).length, Float32Array.of(0.1, 0.5, 0.9));
    const learntNames = {
      naming: NAMING_VERSION,
      kept: [
        {
          service: "PDB",
          name: "full at <n>%",
          place: 0,
          values: [{ value: "80", outcomes: 9, selfResolved: 9 }],
        },
      ],
      volatile: [{ service: "PDB", name: "sync of <*> failed", values: 12, outcomes: 40, selfResolved: 30 }],
    };
    const { card } = trained;
    const reading = (version: Partial<ModelVersion>) => {
      const written = writeVersion(
        { model, calibration: trained.calibration, past: [], details, ...version, card },
        () => "",
      );
      return readVersion(async (file) => written.get(file) ?? null);
    };
    expect((await reading({ learntNames })).learntNames).toEqual(learntNames);
    await expect(reading({})).rejects.toThrow("does not say what it has learnt of names");
    await expect(reading({ learntNames: { ...learntNames, naming: 0 } })).rejects.toThrow(
      "it has learnt of names of version 0",
    );
  });

  test("is accompanied by the alert type's historical rate, certified, as a version of its own", async () => {
    const { fallbackVersion: rate } = trained;
    if (rate === null) throw new Error("the own rate has no certificate");
    const own = writeVersion(rate, () => "<!doctype html>");
    const read = await readVersion(async (file) => own.get(file) ?? null);
    expect(read.card).toMatchObject({ learner: "historical-rate", certificate: rate.card.certificate });
    const [verified] = verifyCertificates(read);
    expect(verified).toMatchObject({ problem: null, recomputed: rate.card.certificate });
    const ofRate = (share: number) =>
      forecastOfFeatures(read, { "alert-type.rateEver": share, "alert-type.rateMonth": 0.01 }).probability;
    for (const share of [0.02, 0.3, 0.5, 0.8, 0.97])
      expect(Math.abs(ofRate(share) - share)).toBeLessThan(0.01);
    const held = (share: number) => ofRate(share) >= (rate.card.threshold ?? 1);
    expect([held(0.99), held(0.5)]).toEqual([true, false]);
  });

  test("was trained on what was known at that time, and its threshold satisfies the rule", async () => {
    expect(trained.card.incidents).toBeLessThanOrEqual(history.length);
    expect(trained.card.threshold).toBeGreaterThan(0.5);
    expect(trained.card.remark).toBeNull();
    const earlier = await trainVersion(history, { ...options, now: (history[500]?.createdAt ?? 0) - 1 });
    expect(earlier.card.incidents).toBeLessThanOrEqual(500);
    expect(earlier.card.to <= earlier.card.trainedAt).toBe(true);
  });

  test("without a signal holds nothing, and says so", async () => {
    const { card } = await trainVersion(someHistory(600, { noise: true }), { ...options, now });
    expect(card.threshold).toBeNull();
    expect(card.remark).toMatch(/holds nothing/);
  });

  test.each([
    ["model.bst", null, "its model.bst is missing"],
    ["card.json", null, "its card.json is missing"],
    ["card.json", "{", "its card.json is not JSON"],
    ["card.json", '{"schema":1}', /its card.json cannot be read: trainedAt/],
    ["model.bst", "{}", "its model.bst is not the one that its card was written for"],
    ["calibration.json", "{}", "its calibration.json is not the one that its card was written for"],
  ] as const)("is refused with its %s changed to %s", async (file, text, message) => {
    await expect(readWith({ [file]: text })).rejects.toThrow(message);
  });

  test("with a threshold that was changed in its card is refused; the same card on one line is not", async () => {
    const card = JSON.parse(textOf("card.json"));
    await expect(readWith({ "card.json": JSON.stringify(card) })).resolves.toBeDefined();
    await expect(readWith({ "card.json": JSON.stringify({ ...card, threshold: 0.03 }) })).rejects.toThrow(
      "its card.json does not say any more what it was written with",
    );
  });

  test("of other features is refused, even with a card that fits", async () => {
    const renamed = { ...trained, details: { numbers: ["load"], texts: ["zone"] } };
    const other = writeVersion(renamed, () => "");
    const changed = Buffer.from(other.get("features.json") ?? [])
      .toString("utf8")
      .replaceAll("time.minute", "time.moon");
    const hash = createHash("sha256").update(changed).digest("hex");
    const card = JSON.parse(textOf("card.json"));
    card.files["features.json"] = hash;
    const resealed = Buffer.from(sealCard(card)).toString("utf8");
    await expect(readWith({ "features.json": changed, "card.json": resealed })).rejects.toThrow(
      "it was trained on other features than this program makes: train a new version",
    );
  });
});

test("an interval narrows with the past predictions near, contains the probability, and is everything without any", () => {
  expect(intervalOf(0.8, [])).toEqual({ low: 0, high: 1, rows: 0 });
  const few = intervalOf(0.8, Array(10).fill(0.8));
  const many = intervalOf(0.8, Array(1_000).fill(0.78));
  expect(few.high - few.low).toBeGreaterThan(many.high - many.low);
  // Wilson's interval of 8 in 10, as published tables have it.
  expect(few.low).toBeCloseTo(0.4902, 3);
  expect(few.high).toBeCloseTo(0.9433, 3);
  expect(intervalOf(1, [1, 1, 1]).high).toBe(1);
});

test("reasons are sentences, the weightiest first, and the two halves of the time of the day are one", () => {
  const table = featureTable({ numbers: ["load"], texts: [] });
  const row = featuresOf(
    {
      openedAt: Date.parse("2026-03-02T03:00:00Z"),
      urgency: "high",
      title: "disk full",
      values: {},
      alertType: [],
      service: [],
      texts: {},
      numbers: { load: 0.25 },
      organisation: { hour: 0, day: 3, week: 9 },
    },
    { numbers: ["load"], texts: [] },
  );
  const weights: Readonly<Record<string, number>> = {
    "time.hour-sine": 0.4,
    "time.hour-cosine": 0.4,
    "details.load": -0.5,
    "alert-type.sinceLast": 0.1,
  };
  const moved = movedBy(
    table,
    row,
    table.map(({ name }) => weights[name] ?? 0),
  );
  expect(reasonsOf(moved)).toEqual([
    "What speaks for it: the time of the day; the time since the last of this alert's incidents opened is not known.",
    "What speaks against it: its load is 0.25.",
  ]);
  expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
});
