import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { DocumentData } from "../document-store.ts";
import { openEmbeddedStore } from "../embedded/document-store.ts";
import { UnreadableDocumentError } from "./decode.ts";
import { armingAt } from "./disarmed-by-note.ts";
import { createLedger } from "./ledger.ts";
import { paths } from "./paths.ts";
import { armedServices, withMode } from "./service-modes.ts";
import { type Decided, defaultSettings } from "./settings.ts";
import { settingsSoFar } from "./settings-versions.fixture.ts";

const NOW = 1_770_000_000_000;
const HOUR = 3_600_000;
const said = (at: number, incident = "P1", who = "PROBIN"): Decided => ({
  who,
  at,
  why: `a note on ${incident}`,
});
const armedAt = (at: number) =>
  withMode(
    defaultSettings,
    "PDATABASE",
    { mode: "armed", policy: "PARMED" },
    { who: "PALEX", at, why: "quiet" },
  );

/** A ledger whose settings stand as `data` in the store. */
async function ledgerWith(data: object) {
  const store = openEmbeddedStore({ file: ":memory:" });
  const ledger = createLedger(store);
  onTestFinished(() => ledger.close());
  await store.set(paths.settings, { ...data });
  const change = async (work: (data: DocumentData) => DocumentData): Promise<void> => {
    const document = await store.get(paths.settings);
    await store.set(paths.settings, work(document?.data ?? {}));
  };
  const stored = async () => (await store.get(paths.settings))?.data ?? {};
  return { ledger, change, stored };
}

/** Ways in which settings cannot be read; who mends them puts that one field right. */
const broken: readonly (readonly [string, DocumentData])[] = [
  ["a version to come", { schema: 3 }],
  ["a cap that is no number", { caps: { service: "x", all: 40 } }],
  ["a guard rail of another version", { storm: { seconds: 600, least: 10, times: 5, quiet: true } }],
  ["a mode that is none", { services: { PMAIL: { mode: "armd" } } }],
  ["no services", { services: "none" }],
];

describe("a note that disarms, said while settings cannot be read", () => {
  test.each(broken)("is obeyed by a version that can read the settings: %s", async (_, wrong) => {
    const right = { ...armedAt(NOW - HOUR) };
    const { ledger, change } = await ledgerWith({ ...right, ...wrong });
    await expect(ledger.settings()).rejects.toThrow(UnreadableDocumentError);
    await ledger.noteDisarming(said(NOW));
    await expect(ledger.settings()).rejects.toThrow(UnreadableDocumentError);
    const mended = Object.fromEntries(
      Object.keys(wrong).map((field) => [field, Object.entries(right).find(([name]) => name === field)?.[1]]),
    );
    await change((data) => ({ ...data, ...JSON.parse(JSON.stringify(mended)) }));
    const settings = await ledger.settings();
    expect(armedServices(settings)).toEqual([]);
    expect(settings.disarmed).toEqual({ ...said(NOW), notedAt: NOW });
    expect(settings.services.PDATABASE).toMatchObject({ mode: "shadow", ...said(NOW) });
  });

  test.each(settingsSoFar)("leaves a document of %s readable, and nothing in it armed", async (_, data) => {
    const { ledger } = await ledgerWith(data);
    const before = await ledger.settings();
    await ledger.noteDisarming(said(NOW + 365 * 24 * HOUR));
    const after = await ledger.settings();
    expect(armedServices(after)).toEqual([]);
    expect({ ...after, disarmed: null, services: {} }).toEqual({ ...before, disarmed: null, services: {} });
  });

  test("gives the same result in every order and however often it is repeated, and keeps later armings", async () => {
    const note = fc
      .record({
        at: fc.integer({ min: 0, max: 4 }).map((hour) => NOW + hour * HOUR),
        incident: fc.constantFrom("P1", "P2"),
      })
      .map(({ at, incident }) => said(at, incident));
    const arming = fc.integer({ min: 0, max: 9 }).map((half) => NOW + (half - 1) * (HOUR / 2) + 1);
    const { ledger, change } = await ledgerWith({});
    await fc.assert(
      fc.asyncProperty(fc.array(note, { minLength: 1, maxLength: 4 }), arming, async (notes, at) => {
        const found = [];
        for (const received of [notes, notes.toReversed(), [...notes, ...notes]]) {
          await change(() => JSON.parse(JSON.stringify(armedAt(at))));
          for (const one of received) await ledger.noteDisarming(one);
          found.push(await ledger.settings());
          // Written back, it is the same: with the note folded in.
          found.push(await ledger.changeSettings((settings) => settings));
        }
        for (const one of found) expect(one).toEqual(found[0]);
        const isLater = at > Math.max(...notes.map((one) => one.at));
        expect(armedServices(found[0] ?? defaultSettings)).toEqual(isLater ? ["PDATABASE"] : []);
      }),
      { numRuns: 30 },
    );
  });

  test("is removed once somebody has changed the settings, and undoes no arming by a person who had seen it", async () => {
    const { ledger, stored } = await ledgerWith(armedAt(NOW - HOUR));
    await ledger.noteDisarming(said(NOW));
    expect(await stored()).toHaveProperty("disarmNote");
    await ledger.changeSettings((settings) =>
      withMode(
        settings,
        "PDATABASE",
        { mode: "armed", policy: "PARMED" },
        { who: "PALEX", at: armingAt(settings, "PDATABASE", NOW - HOUR), why: "seen" },
      ),
    );
    expect(await stored()).not.toHaveProperty("disarmNote");
    expect(armedServices(await ledger.settings())).toEqual(["PDATABASE"]);
  });

  test("that cannot be read itself is written anew, and until then nothing is held", async () => {
    const { ledger } = await ledgerWith({ ...armedAt(NOW - HOUR), disarmNote: { at: "noon" } });
    await expect(ledger.settings()).rejects.toThrow("disarmNote");
    await ledger.noteDisarming(said(NOW));
    expect(armedServices(await ledger.settings())).toEqual([]);
  });

  test("makes no settings where there are none", async () => {
    const store = openEmbeddedStore({ file: ":memory:" });
    const ledger = createLedger(store);
    onTestFinished(() => ledger.close());
    await ledger.noteDisarming(said(NOW));
    expect(await store.get(paths.settings)).toBeNull();
    expect(await ledger.settings()).toEqual(defaultSettings);
  });
});
