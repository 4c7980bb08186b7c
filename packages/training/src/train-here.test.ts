import { wasMerged } from "@mrdata/incident";
import { labelledRows, replayHistory } from "@mrdata/learning";
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
  test("makes the same version whatever the order of the history, and however many tasks go on at a time", async () => {
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
    expect(trained.learntNames?.volatile).toMatchObject([{ name: expect.stringContaining("<*>") }]);
    expect(Object.keys(trained.valueEffects?.effects ?? {})).toContain("detail a=a0");
    const replay = replayHistory(many, spec.windowMs, trained.details);
    expect(seen[0]?.columns).toEqual(labelledRows(replay, spec.windowMs).columns);
  });
  test("of a history that is too short fails with a sentence, and for good", async () => {
    await expect(trainHere(history.slice(0, 30), spec)).rejects.toThrow(
      /the history has \d+ incidents to learn from, and a backtest needs 200 at least/,
    );
  });
});
