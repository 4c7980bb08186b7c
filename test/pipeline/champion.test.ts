import { CHAMPION_POLL_MS, createChampion } from "@mrdata/functions";
import { createLedger, type Ledger, type ModelStore } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { createDiscreteClock } from "@mrdata/simulator";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { modelsOf, someVersion } from "../support/trained-version.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.parse("2026-03-01T00:00:00Z");

describe("the champion", () => {
  let files: ReadonlyMap<string, Uint8Array>;
  beforeAll(async () => {
    files = await someVersion(START);
  });

  function setUp(
    models: ModelStore,
    { windowMs = 5 * MINUTE, ledger: broken }: { windowMs?: number; ledger?: Partial<Ledger> } = {},
  ) {
    const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
    onTestFinished(() => ledger.close());
    const clock = createDiscreteClock(START);
    const logged: string[] = [];
    let reads = 0;
    const counting: ModelStore = {
      ...models,
      async read(version, file) {
        reads += 1;
        return models.read(version, file);
      },
    };
    const champion = createChampion(
      {
        ledger: { ...ledger, ...broken },
        models: counting,
        clock,
        log: ({ event }) => logged.push(event),
      },
      { windowMs, maxAgeMs: 90 * DAY },
    );
    const later = (ms: number) => clock.run(clock.now() + ms);
    return { ledger, champion, later, logged, reads: () => reads };
  }
  const why = ({ predict }: { predict: Awaited<ReturnType<ReturnType<typeof createChampion>>>["predict"] }) =>
    predict({
      incident: "P1",
      service: "PDATABASE",
      title: "Disk 91% full on db-3",
      urgency: "high",
      priority: null,
      openedAt: START,
      alertTypeRecords: [],
      nameRecords: [[], [], []],
      serviceRecords: [],
      textRecords: {},
      texts: {},
      numbers: {},
      organisation: { hour: 0, day: 0, week: 0 },
    }).abstained;

  test("is the alert type's own rate until a version is promoted, and then that version, within half a minute", async () => {
    const { ledger, champion, later, reads } = setUp(modelsOf({ v1: files, v2: files }));
    expect((await champion()).version).toBe("rate");
    await ledger.promote("v1");
    expect((await champion()).version).toBe("rate");
    await later(CHAMPION_POLL_MS);
    const loaded = await champion();
    expect(loaded.version).toBe("v1");
    expect(why(loaded)).toBeNull();
    expect(loaded.predict).toBe((await champion()).predict);
    const once = reads();
    await later(CHAMPION_POLL_MS);
    expect((await champion()).version).toBe("v1");
    expect(reads()).toBe(once);
    await ledger.promote("v2");
    await later(CHAMPION_POLL_MS);
    expect((await champion()).version).toBe("v2");
    expect(await ledger.alias("previous")).toBe("v1");
  });

  test.each([
    ["missing", {}, "model version v1 is refused: its card.json is missing"],
    [
      "corrupt",
      { "model.bst": Buffer.from("{}") },
      "model version v1 is refused: its model.bst is not the one that its card was written for",
    ],
  ])("that is %s is refused with the reason, and is taken once it is whole", async (_, change, reason) => {
    const versions: Record<string, ReadonlyMap<string, Uint8Array>> = Object.keys(change).length === 0
      ? {}
      : { v1: new Map([...files, ...Object.entries(change)]) };
    const { ledger, champion, later, logged } = setUp(modelsOf(versions));
    await ledger.promote("v1");
    const refused = await champion();
    expect(why(refused)).toBe(reason);
    expect(refused.threshold).toBeNull();
    expect(logged).toEqual(["model.refused"]);
    versions.v1 = files;
    await later(CHAMPION_POLL_MS);
    expect(why(await champion())).toBeNull();
  });

  test("for another hold window is refused", async () => {
    const { ledger, champion } = setUp(modelsOf({ v1: files }), { windowMs: 10 * MINUTE });
    await ledger.promote("v1");
    expect(why(await champion())).toBe(
      "model version v1 is refused: it was trained for a hold window of 300 s, and this one is 600 s",
    );
  });

  test("grows too old while it is loaded", async () => {
    const { ledger, champion, later, logged } = setUp(modelsOf({ v1: files }));
    await ledger.promote("v1");
    expect(why(await champion())).toBeNull();
    await later(91 * DAY);
    expect(why(await champion())).toBe(
      "model version v1 is refused: it was trained 91 days ago, and 90 are the most",
    );
    await champion();
    // An alarm counts it: said once an hour, and not with every incident.
    expect(logged.filter((event) => event === "model.refused")).toHaveLength(1);
  });

  test("that cannot be named predicts nothing, but one that is loaded goes on", async () => {
    let broken = true;
    const alias: Ledger["alias"] = async () => {
      if (broken) throw new Error("the ledger is away");
      return "v1";
    };
    const { champion, later } = setUp(modelsOf({ v1: files }), { ledger: { alias } });
    expect(why(await champion())).toBe("which model version is champion could not be read");
    broken = false;
    await later(CHAMPION_POLL_MS);
    expect((await champion()).version).toBe("v1");
    broken = true;
    await later(CHAMPION_POLL_MS);
    expect((await champion()).version).toBe("v1");
  });
});
