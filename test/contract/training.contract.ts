import {
  createLedger,
  type DocumentStore,
  defaultSettings,
  LEFT_BEHIND_MS,
  type LearningState,
  type Ledger,
  nothingLearnt,
  type Promotion,
} from "@mrdata/platform";
import { describe, expect } from "vitest";
import { type Adapter, testOf } from "./adapter.ts";

/** What trainings rely on, of wherever the ledger is kept. `open` gives an empty store. */
export function trainingContract(adapter: Adapter<DocumentStore>): void {
  const test = testOf(adapter);
  const opened = async () => createLedger(await adapter.open()).training;
  const job = (id: string) => ({ id, kind: "train" as const, spec: { seed: 1 } });

  describe(`jobs that train (${adapter.name})`, () => {
    test("one runs, the others wait in line, and the next begins where one ends", async () => {
      const training = await opened();
      expect((await training.startJob(job("a"), 10)).state).toBe("running");
      expect((await training.startJob(job("b"), 11)).state).toBe("waiting");
      expect((await training.startJob(job("c"), 12)).state).toBe("waiting");
      expect((await training.startJob(job("b"), 13)).createdAt).toBe(11);
      expect(await training.state()).toMatchObject({ running: "a", waiting: ["b", "c"] });
      const next = await training.endJob("a", { state: "failed", reason: "No luck.", version: null }, 20);
      expect(next).toMatchObject({ id: "b", state: "running", startedAt: 20 });
      expect(await training.endJob("a", { state: "done", reason: null, version: "v1" }, 21)).toBeNull();
      expect(await training.job("a")).toMatchObject({ state: "failed", reason: "No luck.", endedAt: 20 });
      expect((await training.jobs({ limit: 2 })).map(({ id }) => id)).toEqual(["c", "b"]);
    });
    test("one that was left behind fails, the next in line takes its place, and whoever finds that is told", async () => {
      const training = await opened();
      expect(await training.endAbandoned(0)).toBeNull();
      await training.startJob(job("a"), 1_000);
      await training.openTask("a", "draw", 2_000);
      expect((await training.startJob(job("b"), 2_000)).state).toBe("waiting");
      expect(await training.endAbandoned(2_000 + LEFT_BEHIND_MS)).toBeNull();
      const at = 2_001 + LEFT_BEHIND_MS;
      const found = await Promise.all([1, 2, 3].map(() => training.endAbandoned(at)));
      expect(found.filter((one) => one !== null)).toMatchObject([
        {
          failed: { id: "a", state: "failed", endedAt: at, reason: expect.stringMatching(/left behind/) },
          next: { id: "b", state: "running", startedAt: at },
        },
      ]);
      expect(await training.job("a")).toMatchObject({ state: "failed", endedAt: at });
      expect(await training.job("b")).toMatchObject({ state: "running", startedAt: at });
      expect(await training.state()).toMatchObject({ running: "b", waiting: [] });
      expect(await training.endAbandoned(at + 1 + LEFT_BEHIND_MS)).toMatchObject({
        failed: { id: "b" },
        next: null,
      });
      expect((await training.startJob(job("c"), at)).state).toBe("running");
    });
    test("a clock that is wrong keeps no job in everybody's way, and one that is a little ahead ends none", async () => {
      const YEAR = 365 * LEFT_BEHIND_MS;
      const training = await opened();
      const at = 10 * YEAR;
      await training.startJob(job("a"), at);
      // A worker whose clock is years ahead, and one whose clock is years behind.
      await training.openTask("a", "draw", at + YEAR);
      await training.beginTask("a", "draw", at + 3 * YEAR);
      await training.openTask("a", "read-0", at - 3 * YEAR);
      expect(await training.endAbandoned(at + 1)).toBeNull();
      expect(await training.endAbandoned(at + 1 + LEFT_BEHIND_MS)).toMatchObject({ failed: { id: "a" } });
      await training.startJob(job("c"), at + 1 + LEFT_BEHIND_MS);
      // The coordinator's own clock goes back by an hour: what it began is not given up.
      expect(await training.endAbandoned(at + LEFT_BEHIND_MS - 3_600_000)).toBeNull();
      // Nor by a clock that was a year ahead when the job began, for longer than a day.
      const other = await opened();
      await other.startJob(job("e"), at + YEAR);
      expect(await other.endAbandoned(at)).toMatchObject({ failed: { id: "e" } });
    });
    test("a task is opened once, begun any number of times, and its first end stands", async () => {
      const training = await opened();
      expect(await training.openTask("a", "draw", 1)).toBe(true);
      expect(await training.openTask("a", "draw", 2)).toBe(false);
      expect((await training.beginTask("a", "draw", 3)).attempts).toBe(1);
      await training.noteProblem("a", "draw", "The disk is full.");
      expect(await training.beginTask("a", "draw", 4)).toMatchObject({
        attempts: 2,
        problem: "The disk is full.",
      });
      await training.endTask("a", "draw", { result: "draw-1" }, 5);
      await training.endTask("a", "draw", { result: "draw-2" }, 6);
      expect(await training.beginTask("a", "draw", 7)).toMatchObject({
        attempts: 2,
        outcome: { result: "draw-1" },
      });
      expect(await training.tasksOf("a")).toHaveLength(1);
      expect(await training.tasksOf("b")).toEqual([]);
    });
    test("what learning keeps in mind is changed as if alone", async () => {
      const training = await opened();
      await Promise.all(
        [1, 2, 3].map((at) =>
          training.changeState((state) => ({
            ...state,
            paused: { at, why: `${state.paused?.why ?? ""}.` },
          })),
        ),
      );
      expect((await training.state()).paused?.why).toBe("...");
    });
    test("a state that an earlier program kept is read, and what this one knows beside is nothing yet", async () => {
      const store = await adapter.open();
      const kept = { running: null, waiting: [], paused: null, uncertified: { at: 1, real: 50 } };
      await store.set("settings/learning", kept);
      expect(await createLedger(store).training.state()).toEqual({ ...nothingLearnt, ...kept });
    });
  });

  describe(`a version that becomes champion by itself (${adapter.name})`, () => {
    const learnt = (state: LearningState): LearningState => ({ ...state, learners: { rates: 1 } });
    const promotion = (champion: string | null): Promotion => ({ champion, misfit: () => null, learnt });
    const aliasesOf = async (ledger: Ledger) => ({
      champion: await ledger.alias("champion"),
      previous: await ledger.alias("previous"),
      challenger: await ledger.alias("challenger"),
      learners: (await ledger.training.state()).learners,
    });
    const opened = async () => {
      const ledger = createLedger(await adapter.open());
      await ledger.promote("v1");
      await ledger.setAlias("challenger", "v2");
      return ledger;
    };
    test("does so in one write with all that follows it, and again it changes nothing", async () => {
      const ledger = await opened();
      for (let time = 0; time < 2; time++) {
        expect(await ledger.promoteByItself("v2", promotion("v1"))).toBeNull();
        expect(await aliasesOf(ledger)).toEqual({
          champion: "v2",
          previous: "v1",
          challenger: null,
          learners: { rates: 1 },
        });
      }
    });
    test("does not where somebody paused it, promoted another, demoted the champion, or set what it does not fit", async () => {
      const cases: readonly [(ledger: Ledger) => Promise<unknown>, Partial<Promotion>, object][] = [
        [
          (ledger) =>
            ledger.training.changeState((state) => ({ ...state, paused: { at: 5, why: "rolled back" } })),
          {},
          { kind: "paused", paused: { at: 5, why: "rolled back" } },
        ],
        [(ledger) => ledger.promote("v3"), {}, { kind: "champion", champion: "v3" }],
        [(ledger) => ledger.demote(), {}, { kind: "champion", champion: null }],
        [
          (ledger) => ledger.saveSettings({ ...defaultSettings, missBudget: 0.01 }),
          { misfit: ({ missBudget }) => `It is ${missBudget}.` },
          { kind: "settings", sentence: "It is 0.01." },
        ],
      ];
      for (const [change, given, obstacle] of cases) {
        const ledger = await opened();
        await change(ledger);
        const before = await aliasesOf(ledger);
        expect(await ledger.promoteByItself("v2", { ...promotion("v1"), ...given })).toEqual(obstacle);
        expect(await aliasesOf(ledger)).toEqual(before);
      }
    });
    test("does not where the settings cannot be read", async () => {
      const store = await adapter.open();
      await store.set("settings/bot", { schema: 99 });
      const ledger = createLedger(store);
      await expect(ledger.promoteByItself("v2", promotion(null))).rejects.toThrow(/settings\/bot/);
      expect(await ledger.alias("champion")).toBeNull();
    });
  });
}
