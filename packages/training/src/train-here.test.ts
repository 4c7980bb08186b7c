import { calibrate, score } from "@mrdata/forest";
import { wasMerged } from "@mrdata/incident";
import {
  componentColumns,
  componentsOf,
  forecaster,
  labelledRows,
  organisationCounts,
  readVersion,
  replayHistory,
  serviceReplay,
  type TrainedLearner,
  titleWordsOf,
  usualLearnerSettings,
} from "@mrdata/learning";
import { describe, expect, test } from "vitest";
import { limitPerService } from "./drawn.ts";
import { someHistory } from "./history.fixture.ts";
import { fitOne, type Matrix } from "./matrix.ts";
import { roughSpec } from "./rough-spec.fixture.ts";
import { trainHere } from "./train-here.ts";
import { filesOf } from "./trained.ts";

const MINUTE = 60_000;
const history = someHistory(240);
const now = (history.at(-1)?.createdAt ?? 0) + 300 * MINUTE;
const spec = roughSpec(now, 0.1, { unattended: false });
const hex = (files: ReadonlyMap<string, Uint8Array>) =>
  [...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString("hex")]);

describe("a training as tasks", () => {
  test("makes the same version whatever the order of the history and the number of concurrent tasks", async () => {
    const fit = (matrix: Matrix, block: number) => fitOne(matrix, block, "rates");
    const wanted = hex(filesOf(await trainHere(history, spec, { fit })));
    expect(hex(filesOf(await trainHere(history.toReversed(), spec, { fit, workers: 3 })))).toEqual(wanted);
  });
  test("learns from the newest of each service where there are more than it may, and the card says so", async () => {
    const fit = (matrix: Matrix, block: number) => fitOne(matrix, block, "rates");
    const { card } = await trainHere(history, { ...spec, maxRows: 220 }, { fit });
    const rows = history.filter((incident) => !wasMerged(incident, spec.windowMs));
    const counts = [...Map.groupBy(rows, ({ service }) => service).values()].map(({ length }) => length);
    const { rows: drawn, of, perService } = card.drawn ?? { rows: 0, of: 0, perService: 0 };
    expect(of).toBe(rows.length);
    expect(drawn).toBe(counts.reduce((sum, count) => sum + Math.min(count, perService), 0));
    expect(drawn).toBeLessThanOrEqual(220);
    expect(perService).toBe(limitPerService(counts, 220));
  });
  test("puts together the columns that a replay of the whole history makes, also what values say on any service", async () => {
    const texts = ["a", "b", "c", "d", "e", "f"];
    const many = history.map((past, i) => ({
      ...past,
      ...(i % 2 === 0 && {
        service: "PSVC0",
        title: `Nightly export of shop ${"abcdefghijkl"[(i / 2) % 12]}xyz is late`,
      }),
      details: Object.fromEntries(texts.map((name, k) => [name, `${name}${(i * (k + 3)) % 7}`])),
    }));
    const seen: Matrix[] = [];
    const fit = (matrix: Matrix, block: number) => {
      seen.push(matrix);
      return fitOne(matrix, block, "rates");
    };
    const trained = await trainHere(many, spec, { fit });
    expect(trained.details).toMatchObject({ effects: true, learnt: true, texts });
    // Without settings that ask for them there are no components of titles.
    expect([trained.details.components, trained.titleComponents]).toEqual([undefined, undefined]);
    expect(trained.learntNames?.volatile).toMatchObject([{ name: expect.stringContaining("<*>") }]);
    expect(Object.keys(trained.valueEffects?.effects ?? {})).toContain("detail a=a0");
    const replay = replayHistory(many, spec.windowMs, trained.details);
    expect(seen[0]?.columns).toEqual(labelledRows(replay, spec.windowMs).columns);
  });
  test("with components of titles is the same with threads, and is served the rows that it learnt from", async () => {
    const few = usualLearnerSettings(5);
    const learners = { ...few, worded: { ...few.worded, rounds: 4, bags: 1, components: 4 as const } };
    // A learner that uses words predicts perfectly, and is chosen.
    const fit = async (matrix: Matrix, block: number, learner: TrainedLearner) => {
      if (learner !== "worded") return fitOne(matrix, block, "rates");
      const answers = await fitOne(matrix, block, learner);
      const { start = 0, end = start + answers.length } = matrix.blocks[block] ?? {};
      return Float64Array.from(matrix.labels.slice(start, end), (label) => (label === 1 ? 0.9 : 0.1));
    };
    const wanted = await trainHere(history, { ...spec, learners }, { fit });
    const files = filesOf(wanted);
    const version = await readVersion(async (file) => files.get(file) ?? null);
    expect(version.card.learner).toMatch(/worded|mean/);
    expect(version.details.components?.length).toBeGreaterThan(1);
    expect(hex(filesOf(await trainHere(history, { ...spec, learners }, { fit, workers: 2 })))).toEqual(
      hex(files),
    );

    const { titleComponents = [], details, calibration, model } = version;
    const { columns, incidents } = replayHistory(history, spec.windowMs, wanted.details);
    const words = componentColumns(titleComponents, titleWordsOf(incidents));
    const learnt = [...columns.slice(0, columns.length - words.length), ...words];
    const organisation = organisationCounts(incidents);
    const forecast = forecaster(version);
    const placeOf = new Map(incidents.map(({ id }, i) => [id, i] as const));
    for (const own of Map.groupBy(incidents, ({ service }) => service).values())
      serviceReplay(spec.windowMs, details)(own, (n, situation) => {
        const { id = "", title = "" } = own[n] ?? {};
        const place = placeOf.get(id) ?? -1;
        const served = forecast({
          ...situation,
          organisation: organisation(place),
          titleComponents: componentsOf(titleComponents, title),
        });
        const row = Float32Array.from(learnt, (column) => column[place] ?? Number.NaN);
        expect(Float32Array.from(Object.values(served.features), (value) => value ?? Number.NaN)).toEqual(
          row,
        );
        expect(served.probability).toBe(calibrate(calibration, score(model, row)));
      });
  });
  test("of a history that is too short fails permanently, with a sentence", async () => {
    await expect(trainHere(history.slice(0, 30), spec)).rejects.toThrow(
      /the history has \d+ incidents to learn from, and a backtest needs 200 at least/,
    );
  });
});
