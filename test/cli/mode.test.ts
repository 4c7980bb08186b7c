import { join } from "node:path";
import { allIndexes, createLedger, type Ledger } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, test } from "vitest";
import { eventOf } from "../support/events.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const SERVICE = "PDATABASE";

/** A home that has seen one incident of the service, and no PagerDuty to ask. */
async function home() {
  const folder = temporaryFolder();
  const open = () =>
    createLedger(openEmbeddedStore({ file: join(folder, "ledger.sqlite"), indexes: allIndexes }));
  const withLedger = async <T>(work: (ledger: Ledger) => Promise<T>): Promise<T> => {
    const ledger = open();
    try {
      return await work(ledger);
    } finally {
      await ledger.close();
    }
  };
  await withLedger((ledger) =>
    ledger.recordEvent(
      eventOf({
        type: "triggered",
        incident: "PONE",
        at: Date.parse("2026-03-01T03:00:00Z"),
        service: SERVICE,
      }),
      { windowMs: 300_000 },
    ),
  );
  return { withLedger, run: (...args: readonly string[]) => mrdataHere([...args, "--home", folder]) };
}

test("a mode goes from shadow to annotate and back, and says what it was before", async () => {
  const { run } = await home();
  expect(jsonLines((await run("mode", SERVICE, "annotate", "--json")).stdout)).toEqual([
    { service: SERVICE, before: "shadow", mode: "annotate" },
  ]);
  expect(jsonLines((await run("mode", SERVICE, "shadow", "--json")).stdout)).toEqual([
    { service: SERVICE, before: "annotate", mode: "shadow" },
  ]);
});

test("a service that nobody knows is refused with the nearest one, and nothing is written", async () => {
  const { run, withLedger } = await home();
  await run("mode", SERVICE, "shadow");
  const before = await withLedger((ledger) => ledger.settings());
  for (const args of [
    ["mode", "PDATABSE", "annotate"],
    ["decisions", "--service", "PDATABSE"],
  ]) {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/no service 'PDATABSE' is known: give its id.* Did you mean PDATABASE\?/);
  }
  expect(await withLedger((ledger) => ledger.settings())).toEqual(before);
});

test.each([
  ["armed", /mrdata arm PDATABASE --policy ID/],
  ["asleep", /'asleep' is not a mode: choose shadow or annotate/],
])("the mode '%s' is a question of usage", async (word, sentence) => {
  const { code, stderr } = await mrdataHere(["mode", SERVICE, word, "--home", temporaryFolder()]);
  expect(code).toBe(2);
  expect(stderr).toMatch(sentence);
});
