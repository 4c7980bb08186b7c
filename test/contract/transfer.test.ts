import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  armedServices,
  collectionOf,
  createLedger,
  type DocumentStore,
  defaultSettings,
  disarmAll,
  documentsOf,
  isBeingRestored,
  LedgerNotEmptyError,
  restoreDocuments,
  type TransferredDocument,
  withMode,
} from "@mrdata/platform";
import { describe, expect, onTestFinished, test } from "vitest";
import { readExport, readManifest, writeExport } from "../../packages/cli/src/ledger/export-folder.ts";
import { eventOf } from "../support/events.ts";
import { testOf } from "./adapter.ts";
import { documentStores } from "./adapters.ts";

const SOURCE = "an export";
const decided = { who: "robin", at: 1_000, why: "a test" };
/** What a bot notes of itself, and is not taken elsewhere. */
const ofTheBot = ["seen/ping", "settings/deployment"];
const opening = (n: number) => eventOf({ type: "triggered", incident: `P${n}`, id: `E${n}`, at: n * 1_000 });

/** A ledger with something in most collections, one service armed, and one collection of more documents than a page has. */
async function fill(store: DocumentStore, armed = true): Promise<void> {
  const ledger = createLedger(store);
  await Promise.all(Array.from({ length: 205 }, (_, n) => store.set(`challenges/C${n}`, { n })));
  for (let n = 1; n <= 3; n++) await ledger.recordEvent(opening(n), { windowMs: 300_000 });
  await ledger.recordEvent(eventOf({ type: "resolved", incident: "P3", id: "E3/second €", at: 9_000 }), {
    windowMs: 300_000,
  });
  await ledger.promote("v1");
  await ledger.noteSeen("ping", 5);
  await ledger.noteDeployment({ at: 7, environment: { MRDATA_SUFFIX: "of-the-source" } });
  await ledger.noteFailure("record E1", { reason: "a reason", source: "record", at: 3 });
  if (armed)
    await ledger.saveSettings(withMode(defaultSettings, "PDB", { mode: "armed", policy: "PARMED" }, decided));
}

async function all(store: DocumentStore): Promise<readonly TransferredDocument[]> {
  const found: TransferredDocument[] = [];
  for await (const { path, data } of documentsOf(store)) found.push({ path, data });
  return found;
}

async function* cutAfter<Item>(items: AsyncIterable<Item>, count: number): AsyncGenerator<Item> {
  let left = count;
  for await (const item of items) {
    if (left-- === 0) throw new Error("cut");
    yield item;
  }
}

const folderOf = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-export-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "export");
};

for (const adapter of documentStores)
  describe(`a ledger that is taken elsewhere (${adapter.name})`, () => {
    const testHere = testOf(adapter);
    const open = async (): Promise<DocumentStore> => {
      const store = await adapter.open();
      onTestFinished(() => store.close());
      return store;
    };

    testHere("is the same after a round trip, but that nothing is armed", async () => {
      const [from, to, folder] = [await open(), await open(), folderOf()];
      await fill(from);
      const manifest = await writeExport(from, folder, { target: "local:a", at: 0 });
      expect(manifest.files["challenges.ndjson"]?.documents).toBe(205);
      expect(manifest.files["events.ndjson"]?.documents).toBe(4);
      const restored = await restoreDocuments(
        to,
        readExport(folder, await readManifest(folder)),
        decided,
        SOURCE,
      );
      expect(restored.disarmed).toEqual(["PDB"]);
      const [before, after] = [
        (await all(from)).filter(({ path }) => !ofTheBot.includes(path)),
        await all(to),
      ];
      expect(restored.written).toBe(before.length);
      const but = (documents: readonly TransferredDocument[]) =>
        documents.filter(({ path }) => path !== "settings/bot");
      expect(but(after)).toEqual(but(before));
      const settings = await createLedger(to).settings();
      expect(armedServices(settings)).toEqual([]);
      expect(settings.disarmed).toEqual(decided);
      expect(settings.services.PDB).toMatchObject({ mode: "shadow", policy: "PARMED" });
      // Once more, and nothing is armed in it: now all of it is the same.
      const [again, third] = [folderOf(), await open()];
      await writeExport(to, again, { target: "local:b", at: 0 });
      await restoreDocuments(third, readExport(again, await readManifest(again)), decided, SOURCE);
      expect(await all(third)).toEqual(after);
      expect((await createLedger(third).incident("P3"))?.events).toHaveLength(2);
    });

    testHere(
      "goes into one that a bot has begun to run on, which keeps what it noted of itself",
      async () => {
        const [from, to, folder] = [await open(), await open(), folderOf()];
        await fill(from, false);
        await writeExport(from, folder, { target: "local:a", at: 0 });
        const here = createLedger(to);
        await here.noteDeployment({ at: 9, environment: { MRDATA_SUFFIX: "of-this-one" } });
        for (const sign of ["sweep", "ping"] as const) await here.noteSeen(sign, 9);
        const own = await all(to);
        expect(own.length).toBe(3);
        await restoreDocuments(to, readExport(folder, await readManifest(folder)), decided, SOURCE);
        const isOwn = ({ path }: TransferredDocument) => own.some((one) => one.path === path);
        expect((await all(to)).filter(isOwn)).toEqual(own);
        expect((await here.incident("P3"))?.events).toHaveLength(2);
      },
    );

    testHere("goes on where it was broken off, and only with the same export", async () => {
      const [from, to, folder] = [await open(), await open(), folderOf()];
      await fill(from);
      const manifest = await writeExport(from, folder, { target: "local:a", at: 0 });
      const whole = () => readExport(folder, manifest);
      await expect(restoreDocuments(to, cutAfter(whole(), 150), decided, SOURCE)).rejects.toThrow("cut");
      expect(await isBeingRestored(to)).toBe(true);
      await expect(restoreDocuments(to, whole(), decided, "another")).rejects.toThrow(
        "the import of another export was broken off in it",
      );
      const { written, already, disarmed } = await restoreDocuments(to, whole(), decided, SOURCE);
      // What came in the last batch before it was cut had not been written yet.
      expect([already, disarmed]).toEqual([100, ["PDB"]]);
      const restored = await all(to);
      expect(written).toBe(restored.length);
      expect(await isBeingRestored(to)).toBe(false);
      const but = (documents: readonly TransferredDocument[]) =>
        documents.filter(({ path }) => path !== "settings/bot" && !ofTheBot.includes(path));
      expect(but(restored)).toEqual(but(await all(from)));
      await expect(restoreDocuments(to, whole(), decided, SOURCE)).rejects.toThrow(LedgerNotEmptyError);
    });

    testHere("does not go on over what somebody else has written meanwhile", async () => {
      const [from, to, folder] = [await open(), await open(), folderOf()];
      await fill(from);
      const manifest = await writeExport(from, folder, { target: "local:a", at: 0 });
      const whole = () => readExport(folder, manifest);
      await expect(restoreDocuments(to, cutAfter(whole(), 150), decided, SOURCE)).rejects.toThrow("cut");
      await to.set("challenges/C1", { n: "another" });
      await expect(restoreDocuments(to, whole(), decided, SOURCE)).rejects.toThrow(
        "challenges/C1 is there already, and is another",
      );
      await to.set("challenges/C1", { n: 1 });
      const armed = withMode(defaultSettings, "PDB", { mode: "armed", policy: "PARMED" }, decided);
      await createLedger(to).saveSettings(armed);
      await expect(restoreDocuments(to, whole(), decided, SOURCE)).rejects.toThrow(
        "settings/bot is there already, and is another",
      );
      expect(await isBeingRestored(to)).toBe(true);
    });

    testHere("keeps large documents, more than go into one request", async () => {
      const [from, to, folder] = [await open(), await open(), folderOf()];
      for (let n = 0; n < 5; n++)
        await from.set(`challenges/C${n}`, { text: `${n}${"x".repeat(1_000_000)}` });
      const manifest = await writeExport(from, folder, { target: "local:a", at: 0 });
      const sizes: number[] = [];
      const watched: DocumentStore = {
        ...to,
        replace: (changes) => {
          sizes.push(Buffer.byteLength(JSON.stringify(changes)));
          return to.replace(changes);
        },
      };
      await restoreDocuments(watched, readExport(folder, manifest), decided, SOURCE);
      expect(await all(to)).toEqual(await all(from));
      expect(Math.max(...sizes)).toBeLessThan(4 * 1024 * 1024);
    });

    testHere("goes into an empty ledger only", async () => {
      const [from, to, folder] = [await open(), await open(), folderOf()];
      await fill(from, false);
      await writeExport(from, folder, { target: "local:a", at: 0 });
      const there = { path: "settings/learning", data: { at: 1 } };
      await to.set("seen/ping", { at: 1 });
      await to.set("settings/deployment", { at: 1 });
      await to.set(there.path, there.data);
      const reading = readExport(folder, await readManifest(folder));
      const refused = await restoreDocuments(to, reading, decided, SOURCE).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(LedgerNotEmptyError);
      expect(String(refused)).toContain("it has settings/learning");
      expect(await all(to)).toHaveLength(3);
    });
  });

test("a folder that was cut short, changed or is none is refused before anything is written", async () => {
  const store = await documentStores[0]?.open();
  if (store === undefined) throw new Error("no store");
  onTestFinished(() => store.close());
  await store.set("seen/ping", { at: 1 });
  const folder = folderOf();
  await writeExport(store, folder, { target: "local:a", at: 0 });
  expect(readdirSync(folder).toSorted()).toEqual(["export.json", "seen.ndjson"]);
  await expect(writeExport(store, folder, { target: "local:a", at: 0 })).rejects.toThrow("is not empty");
  const file = join(folder, "seen.ndjson");
  const text = readFileSync(file, "utf8");
  for (const wrong of ["", text.replace("1", "2"), `${text}{}\n`]) {
    writeFileSync(file, wrong);
    await expect(readManifest(folder)).rejects.toThrow("is not what was exported");
  }
  const written = readFileSync(join(folder, "export.json"), "utf8");
  writeFileSync(join(folder, "export.json"), written.replace("seen.ndjson", "later.ndjson"));
  await expect(readManifest(folder)).rejects.toThrow("names later.ndjson, which this version knows no");
  writeFileSync(join(folder, "export.json"), written);
  rmSync(file);
  await expect(readManifest(folder)).rejects.toThrow("is missing");
  rmSync(join(folder, "export.json"));
  await expect(readManifest(folder)).rejects.toThrow("no export of a ledger, or one that was broken off");
});

test.each([
  ["incidents/P1", "incidents"],
  ["incidents/P1/events/E1", "events"],
  ["settings/bot", "settings"],
  ["others/a", null],
  ["incidents/P1/notes/N1", null],
  ["records/a/events/b", null],
  ["incidents/P1/events/E1/more/a", null],
])("a document of the path %s is of %s", (path, collection) => {
  expect(collectionOf(path)).toBe(collection);
});

test("every place where the ledger keeps documents is one that is taken along", async () => {
  const source = readFileSync(
    join(import.meta.dirname, "../../packages/platform/src/ledger/paths.ts"),
    "utf8",
  );
  const roots = new Set([...source.matchAll(/["`]([a-z]+)(?=["/`])/g)].map(([, root = ""]) => root));
  expect(roots.size).toBeGreaterThan(10);
  expect([...roots].filter((root) => collectionOf(`${root}/a`) === null)).toEqual([]);
});

describe("a restored copy of a database", () => {
  const home = "gcp:my-project/mrdata";
  const openHere = async () => {
    const store = await documentStores[0]?.open();
    if (store === undefined) throw new Error("no store");
    onTestFinished(() => store.close());
    return store;
  };
  const armIt = (ledger: ReturnType<typeof createLedger>) =>
    ledger.changeSettings((settings) =>
      withMode(settings, "PDB", { mode: "armed", policy: "PARMED" }, decided),
    );

  test("has nothing armed under another name, until a person arms it there", async () => {
    const store = await openHere();
    await armIt(createLedger(store, { home }));
    expect(armedServices(await createLedger(store, { home }).settings())).toEqual(["PDB"]);
    const copy = createLedger(store, { home: "gcp:my-project/mrdata-restored" });
    const settings = await copy.settings();
    expect(armedServices(settings)).toEqual([]);
    expect(settings.disarmed).toMatchObject({ who: "restore", why: expect.stringContaining(home) });
    expect(await copy.settings()).toEqual(settings);
    // Changing something else arms nothing; arming does.
    await copy.changeSettings((now) => ({ ...now, control: 0.2 }));
    expect(armedServices(await copy.settings())).toEqual([]);
    await armIt(copy);
    expect(armedServices(await copy.settings())).toEqual(["PDB"]);
  });

  test("is known as one although it was armed before this was noted: the running bot notes it", async () => {
    const store = await openHere();
    await armIt(createLedger(store));
    const ledger = createLedger(store, { home });
    expect(armedServices(await ledger.settings())).toEqual(["PDB"]);
    await ledger.noteDeployment({ at: 1, environment: {} });
    expect(armedServices(await ledger.settings())).toEqual(["PDB"]);
    expect(armedServices(await createLedger(store, { home: "gcp:other/mrdata" }).settings())).toEqual([]);
  });

  test("that was disarmed stays as it was", async () => {
    const store = await openHere();
    const ledger = createLedger(store, { home });
    await armIt(ledger);
    const before = await ledger.changeSettings((settings) => disarmAll(settings, decided));
    expect(await createLedger(store, { home: "gcp:other/mrdata" }).settings()).toEqual(before);
  });
});
