import { CHAMPION_POLL_MS, createChampion } from "@mrdata/functions";
import { expect, test, vi } from "vitest";
import { certifiedRateFiles, rateCertificate } from "../support/certified-rate.ts";
import { modelsOf } from "../support/trained-version.ts";

const WINDOW = 300_000;
const files = certifiedRateFiles(WINDOW);

/** Who predicts where no version is champion, by a store of these versions; and what was logged. */
async function standsIn(versions: Parameters<typeof modelsOf>[0]) {
  const logged: unknown[] = [];
  const champion = createChampion(
    {
      ledger: { alias: async () => null },
      models: modelsOf(versions),
      clock: { now: () => Date.parse("2026-03-01T00:00:00Z"), sleep: async () => {} },
      log: (entry) => logged.push(entry),
    },
    { windowMs: WINDOW, maxAgeMs: 90 * 86_400_000 },
  );
  const { version, certificate, threshold } = await champion();
  return { version, certificate, threshold, logged };
}

/** The version's files with what a hand changed in one of them. */
function changed(file: string, change: (text: string) => string): ReadonlyMap<string, Uint8Array> {
  const text = Buffer.from(files.get(file) ?? []).toString("utf8");
  const after = change(text);
  expect(after).not.toBe(text);
  return new Map([...files, [file, Buffer.from(after)]]);
}

test("the newest version's certificate says from where on the alert type's own rate may hold", async () => {
  expect(await standsIn({ v1: files })).toEqual({
    version: "rate",
    certificate: rateCertificate,
    threshold: 0.8,
    logged: [],
  });
  const other = certifiedRateFiles(2 * WINDOW);
  expect(await standsIn({ v9: files, v10: other })).toMatchObject({ certificate: rateCertificate });
});

test.each([
  [
    "a lowered threshold",
    "card.json",
    (text: string) => text.replace('"threshold": 0.8', '"threshold": 0.01'),
  ],
  ["a larger budget", "card.json", (text: string) => text.replace('"budget": 0.1', '"budget": 0.9')],
  ["another time of training", "card.json", (text: string) => text.replaceAll("2026-02-28", "2027-02-28")],
  ["a digest taken away", "card.json", (text: string) => text.replace('"digest"', '"undigested"')],
  ["other rows", "calibration.json", (text: string) => text.replace("PREAL7", "PREAL7x")],
  ["rows that are no JSON", "calibration.json", (text: string) => text.slice(1)],
] as const)(
  "a version changed by hand holds nothing by the rate, and it is told: %s",
  async (_, file, change) => {
    const { certificate, logged } = await standsIn({ v1: files, v2: changed(file, change) });
    expect(certificate).toBeNull();
    expect(logged).toMatchObject([{ severity: "ERROR", event: "fallback.unreadable" }]);
  },
);

test("rows that do not come to the certificate, sealed all the same, hold nothing", async () => {
  const { certificate, logged } = await standsIn({ v1: certifiedRateFiles(WINDOW, { threshold: 0.1 }) });
  expect(certificate).toBeNull();
  expect(logged).toMatchObject([{ reason: expect.stringContaining("does not count") }]);
});

/** As above, with a clock to move and a store of one's own; the version that is champion first is demoted. */
function demoted(models: ReturnType<typeof modelsOf>) {
  const state: { alias: string | null; now: number } = {
    alias: "v9",
    now: Date.parse("2026-03-01T00:00:00Z"),
  };
  const logged: unknown[] = [];
  const champion = createChampion(
    {
      ledger: { alias: async () => state.alias },
      models,
      clock: { now: () => state.now, sleep: async () => {} },
      log: (entry) => logged.push(entry),
    },
    { windowMs: WINDOW, maxAgeMs: 90 * 86_400_000 },
  );
  const aPollLater = () => {
    state.now += CHAMPION_POLL_MS;
    return champion();
  };
  return { state, champion, aPollLater, logged };
}

test("half a minute after a demotion the own rate's certificate counts, and is read once while nothing is published", async () => {
  const versions: Record<string, typeof files> = { v1: files };
  const store = modelsOf(versions);
  let reads = 0;
  const read: typeof store.read = (version, file) => {
    reads++;
    return store.read(version, file);
  };
  const { state, champion, aPollLater } = demoted({
    ...store,
    read,
    versions: async () => Object.keys(versions),
  });
  expect(await champion()).toMatchObject({ version: "v9", certificate: null });
  state.alias = null;
  expect(await aPollLater()).toMatchObject({ version: "rate", certificate: rateCertificate });
  const once = reads;
  expect(await aPollLater()).toMatchObject({ certificate: rateCertificate });
  expect(reads).toBe(once);
  versions.v2 = certifiedRateFiles(WINDOW, { threshold: 0.1 });
  expect(await aPollLater()).toMatchObject({ version: "rate", certificate: null });
});

test("a store that does not answer holds nothing by the rate, and says so within seconds", async () => {
  vi.useFakeTimers();
  try {
    const { state, champion, logged } = demoted({
      ...modelsOf({ v1: files }),
      read: () => new Promise(() => {}),
    });
    state.alias = null;
    const standing = champion();
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await standing).certificate).toBeNull();
    expect(logged).toMatchObject([
      { event: "fallback.unreadable", reason: expect.stringContaining("within 10 s") },
    ]);
  } finally {
    vi.useRealTimers();
  }
});
