import { createLedger, type DocumentStore, LEFT_BEHIND_MS } from "@mrdata/platform";
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
    test("one that was left behind fails, and the next takes its place", async () => {
      const training = await opened();
      await training.startJob(job("a"), 1_000);
      await training.openTask("a", "draw", 2_000);
      expect((await training.startJob(job("b"), 2_000 + LEFT_BEHIND_MS)).state).toBe("waiting");
      expect((await training.startJob(job("c"), 2_001 + LEFT_BEHIND_MS)).state).toBe("running");
      expect(await training.job("a")).toMatchObject({
        state: "failed",
        reason: expect.stringMatching(/left behind/),
      });
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
      expect((await training.startJob(job("b"), at + 1)).state).toBe("waiting");
      expect((await training.startJob(job("c"), at + 1 + LEFT_BEHIND_MS)).state).toBe("running");
      expect((await training.job("a"))?.reason).toMatch(/left behind/);
      // The coordinator's own clock goes back by an hour: what it began is not given up.
      expect((await training.startJob(job("d"), at + LEFT_BEHIND_MS - 3_600_000)).state).toBe("waiting");
      // Nor by a clock that was a year ahead when the job began, for longer than a day.
      const other = await opened();
      await other.startJob(job("e"), at + YEAR);
      expect((await other.startJob(job("f"), at)).state).toBe("running");
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
            uncertified: { at, real: (state.uncertified?.real ?? 0) + 1 },
          })),
        ),
      );
      expect((await training.state()).uncertified?.real).toBe(3);
    });
  });
}
