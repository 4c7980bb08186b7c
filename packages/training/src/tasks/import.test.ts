import type { PastIncident } from "@mrdata/incident";
import { rowOfPast } from "@mrdata/learning";
import { type HistoryFile, memoryResults } from "@mrdata/platform";
import { expect, test } from "vitest";
import { someHistory } from "../history.fixture.ts";
import { importedIn, importTask, MAX_FILE_BYTES } from "./import.ts";

const MINUTE = 60_000;
const history = someHistory(60).map((one) => ({ ...one, service: `${one.service}AB` }));
const now = (history.at(-1)?.createdAt ?? 0) + 600 * MINUTE;
const spec = { now, windowMs: 30 * MINUTE };
const linesOf = (rows: readonly PastIncident[]) =>
  rows.map((past) => JSON.stringify(rowOfPast(past))).join("\n");

/** A bucket with one file that counts how often it is fetched. */
function bucketWith(text: string | null, changes: Partial<HistoryFile> = {}) {
  const bytes = Buffer.from(text ?? "");
  const file: HistoryFile = {
    name: "2026/old.ndjson",
    generation: "17",
    bytes: bytes.length,
    writtenBy: null,
    ...changes,
  };
  let fetched = 0;
  const results = memoryResults();
  const imports = {
    files: {
      list: async () => [file],
      async read() {
        fetched++;
        return text === null ? null : bytes;
      },
    },
    identity: { botUser: null },
    ledger: { pastIncidents: async function* () {} },
  };
  const io = { results, imports };
  return { file, io, fetched: () => fetched };
}

test("reads a generation once, whichever job imports it, and keeps the result", async () => {
  const { file, io, fetched } = bucketWith(linesOf(history));
  const first = await importTask(spec, file, io);
  expect(first.file).toEqual({ refused: null, incidents: 60 });
  expect(await importTask({ ...spec, now: now + 86_400_000 }, file, io)).toEqual(first);
  expect(fetched()).toBe(1);
  expect((await importTask(spec, { ...file, generation: "18" }, io)).result).not.toBe(first.result);
  expect(fetched()).toBe(2);
  const bytes = await io.results.read(first.result);
  if (bytes === null) throw new Error("nothing was kept");
  expect(importedIn(bytes).rows.map(({ id }) => id)).toEqual(history.map(({ id }) => id));
});

const first = history[0];
if (first === undefined) throw new Error("the history is empty");
test.each<[what: string, text: string | null, sentence: RegExp, changes?: Partial<HistoryFile>]>([
  ["a row that cannot be read", `${linesOf(history)}\n{"id": 3`, /old\.ndjson.*line 61/],
  [
    "a row of next year",
    linesOf([
      ...history,
      { ...first, id: "PNEXT1", createdAt: now + 365 * 86_400_000, resolvedAt: null, resolvedBy: null },
    ]),
    /is in the future/,
  ],
  [
    "a row of the next hour",
    linesOf([
      ...history,
      { ...first, id: "PNEXT1", createdAt: now + 1_000, resolvedAt: null, resolvedBy: null },
    ]),
    /PNEXT1 is dated in the future/,
  ],
  [
    "an end of tomorrow",
    linesOf([{ ...first, resolvedAt: now + 80_000_000 }, ...history.slice(1)]),
    /dated in the future/,
  ],
  [
    "services by their names",
    linesOf(history.map((one) => ({ ...one, service: "Check out" }))),
    /filed under a service's name/,
  ],
  [
    "nothing that resolved itself",
    linesOf(history.map((one) => ({ ...one, resolvedBy: "human" as const }))),
    /resolved itself within/,
  ],
  ["no incident at all", "[]", /no incident/],
  ["a picture", "\u0000PNG", /is no text/],
  ["a file that was written over", null, /written over or taken away/],
  ["a file that is too large", "", /cut it in parts/, { bytes: MAX_FILE_BYTES + 1 }],
])(
  "refuses all of a file for %s, in words that name no temporary folder",
  async (_, text, sentence, changes) => {
    const { file, io } = bucketWith(text, changes);
    const { file: imported } = await importTask(spec, file, io);
    expect(imported?.refused).toMatch(sentence);
    expect(imported?.refused).not.toContain("mrdata-import-");
    expect(imported?.incidents).toBe(0);
  },
);

test("uses the service ids that webhooks reported", async () => {
  const { file, io } = bucketWith(linesOf(history.map((one) => ({ ...one, service: "Checkout" }))));
  const snapshot = {
    service: "PSVC00CHK",
    serviceName: "Checkout",
    title: "x",
    urgency: "high" as const,
    details: {},
  };
  const livePast = async function* () {
    yield { state: {}, events: [{ snapshot }] };
  };
  const imports = { ...io.imports, ledger: { pastIncidents: livePast as never } };
  const { result } = await importTask(spec, file, { ...io, imports });
  const bytes = await io.results.read(result);
  if (bytes === null) throw new Error("nothing was kept");
  expect(new Set(importedIn(bytes).rows.map(({ service }) => service))).toEqual(new Set(["PSVC00CHK"]));
});

test("fails the job with a sentence if no bucket is configured, and stores nothing", async () => {
  const { file, io } = bucketWith(linesOf(history));
  await expect(importTask(spec, file, { results: io.results })).rejects.toThrow(/no history bucket here/);
  expect((await importTask(spec, file, io)).file?.incidents).toBe(60);
});
