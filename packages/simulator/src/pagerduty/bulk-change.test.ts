import { describe, expect, test } from "vitest";
import { startDouble } from "./double.fixture.ts";
import type { FaultSettings } from "./faults.ts";

const changeOf = (id: string) => ({ id, type: "incident_reference", escalation_level: 2 });

/** Three incidents of which the second was resolved: it is refused with 1001. */
function threeWithOneRefused(bulkRefusal: FaultSettings["bulkRefusal"]) {
  const begun = startDouble();
  const { double, open, ask } = begun;
  double.faults.set({ bulkRefusal });
  const ids = ["a", "b", "c"].map((key) => open("PHIGH", key));
  double.resolve(ids[1] ?? "", "PANNA");
  const levels = () => ids.map((id) => double.incident(id).level);
  return { ...begun, ids, levels, change: () => ask("PUT", "/incidents", { incidents: ids.map(changeOf) }) };
}

describe("PUT /incidents", () => {
  test("refuses all for the sake of one", async () => {
    const { change, levels, double } = threeWithOneRefused("all");
    const events = double.events.length;
    expect(await change()).toMatchObject({ status: 400, body: { error: { code: 1001 } } });
    expect(levels()).toEqual([1, 1, 1]);
    expect(double.events).toHaveLength(events);
  });

  test("refuses what comes after the first that it refuses", async () => {
    const { change, levels } = threeWithOneRefused("rest");
    expect(await change()).toMatchObject({ status: 400, body: { error: { code: 1001 } } });
    expect(levels()).toEqual([2, 1, 1]);
  });

  test("answers with only the incidents that it changed", async () => {
    const { change, levels, ids } = threeWithOneRefused("told");
    expect(await change()).toMatchObject({
      status: 200,
      body: { incidents: [{ id: ids[0] }, { id: ids[2] }] },
    });
    expect(levels()).toEqual([2, 1, 2]);
  });

  test("changes all that it can and answers with the refusal", async () => {
    const { change, levels } = threeWithOneRefused("untold");
    expect(await change()).toMatchObject({ status: 400, body: { error: { code: 1001 } } });
    expect(levels()).toEqual([2, 1, 2]);
  });

  test.each(["all", "rest", "told", "untold"] as const)(
    "changes all where none is refused: %s",
    async (way) => {
      const { double, open, ask } = startDouble();
      double.faults.set({ bulkRefusal: way });
      const ids = ["a", "b"].map((key) => open("PHIGH", key));
      expect(await ask("PUT", "/incidents", { incidents: ids.map(changeOf) })).toMatchObject({ status: 200 });
      expect(ids.map((id) => double.incident(id).level)).toEqual([2, 2]);
      // Nothing of a rehearsal is left: one timer each, and each user notified once.
      expect(double.events.filter(({ type }) => type === "escalated")).toHaveLength(2);
    },
  );

  test("answers 413 to more than 250", async () => {
    const { ask } = startDouble();
    const many = Array.from({ length: 251 }, (_, i) => changeOf(`Q${i}`));
    expect(await ask("PUT", "/incidents", { incidents: many })).toMatchObject({ status: 413 });
  });

  test("has a limit of 500 a minute of its own", async () => {
    const { ask, open, clock } = startDouble();
    const id = open();
    const once = () => ask("PUT", "/incidents", { incidents: [{ id, type: "incident_reference" }] });
    for (let i = 0; i < 500; i++) expect((await once()).status).toBe(200);
    expect((await once()).status).toBe(429);
    expect((await ask("PUT", `/incidents/${id}`, { incident: { type: "incident_reference" } })).status).toBe(
      200,
    );
    await clock.run(clock.now() + 60_000);
    expect((await once()).status).toBe(200);
  });
});
