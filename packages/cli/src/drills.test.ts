import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importPast } from "@mrdata/history";
import { DRILL_TITLE, type PastIncident, type Prediction } from "@mrdata/incident";
import { rowOfPast } from "@mrdata/learning";
import { allIndexes, createLedger, defaultSettings } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { localFiles } from "@mrdata/runtime";
import { expect, onTestFinished, test } from "vitest";
import { lastMonth } from "./arm/last-month.ts";
import { readDecisions } from "./decisions/ledger-of-decisions.ts";
import { loadHistory } from "./history/load-history.ts";

const START = Date.parse("2026-03-02T03:00:00Z");
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const WINDOW = 5 * MINUTE;
const MANY = 8;

const silent = {
  out: () => {},
  say: () => {},
  progress: () => {},
  bold: (text: string) => text,
  dim: (text: string) => text,
};

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "mrdata-drills-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Two hours apart, each lasting longer than the one before, cleared by the monitor within the window. */
const pasts = (title: string): readonly PastIncident[] =>
  Array.from({ length: MANY }, (_, i) => ({
    id: `P${title.length}N${i}`,
    service: "PDATABASE",
    title,
    createdAt: START + 120 * i * MINUTE,
    resolvedAt: START + 120 * i * MINUTE + 30 * (i + 1) * SECOND,
    resolvedBy: "integration",
    acknowledgedAt: null,
    takenOverAt: null,
    mergedInto: null,
    urgency: "high",
    details: {},
  }));

const heldOf = ({ id, service, title, createdAt }: PastIncident): Prediction => ({
  incident: id,
  prediction: true,
  confidence: 0.9,
  probability: 0.9,
  abstained: null,
  model: "v1",
  features: {},
  reasons: [],
  asOf: { records: {}, organisation: { hour: 0, day: 0, week: 0 }, at: createdAt },
  decision: "hold",
  decidedBy: "threshold",
  verdicts: [],
  mode: "armed",
  service,
  alertType: `${service}|${title}`,
  openedAt: createdAt,
  decidedAt: createdAt,
  window: WINDOW,
  holdUntil: createdAt + WINDOW,
  taken: { action: "none", sentence: "held", at: createdAt },
});

/** A home whose ledger knows incidents that were held, and as many drills that were; and what it knows without these. */
async function homeWithDrills() {
  const home = folder();
  const store = openEmbeddedStore({ file: localFiles(home).ledger, indexes: allIndexes });
  const ledger = createLedger(store);
  onTestFinished(() => ledger.close());
  const real = pasts("Disk is full");
  const all = [...real, ...pasts(DRILL_TITLE)];
  const details = { numbers: [], texts: [] };
  await importPast(ledger, all, { windowMs: WINDOW, details, maxBatchSize: 100, concurrency: 1 });
  for (const past of all) await ledger.createPrediction(heldOf(past));
  return { home, ledger, all, real: real.map(({ id }) => id) };
}

test("drills are not trained on, neither from the ledger nor from a file", async () => {
  const { home, all, real } = await homeWithDrills();
  const file = join(home, "history.ndjson");
  writeFileSync(file, all.map((past) => `${JSON.stringify(rowOfPast(past))}\n`).join(""));
  const idsOf = async (files: readonly string[]) =>
    (await loadHistory(files, { home, strict: true }, silent, {})).incidents.map(({ id }) => id).sort();
  expect(await idsOf([])).toEqual(real);
  expect(await idsOf([file])).toEqual(real);
});

test("the replay of the last month does not count drills", async () => {
  const { ledger } = await homeWithDrills();
  const now = START + 24 * 60 * MINUTE;
  const month = await lastMonth(
    { ledger, models: { versions: async () => [], read: async () => null } },
    "PDATABASE",
    {
      now,
      windowMs: WINDOW,
      settings: defaultSettings,
      timeZone: "UTC",
    },
  );
  expect(month).toMatchObject({ incidents: MANY, held: MANY, spared: MANY, heldOtherwise: 0 });
});

test("repeated drills are no monitor to fix and neither hit nor miss; similar real incidents are", async () => {
  const { ledger } = await homeWithDrills();
  const now = START + 24 * 60 * MINUTE;
  const { monitorsToFix, counts, rows } = await readDecisions(ledger, {
    since: START,
    now,
    windowOf: async () => WINDOW,
  });
  expect(rows).toHaveLength(2 * MANY);
  expect(monitorsToFix.map(({ title }) => title)).toEqual(["Disk is full"]);
  expect(counts).toMatchObject({ hit: MANY, miss: 0, neither: MANY });
});
