import { eventsOf, type IncidentEvent, type PastIncident } from "@mrdata/incident";
import { createLedger, type DocumentStore, type Ledger } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type ObserveOptions, observe } from "./observe.ts";
import { eventOf, snapshot } from "./respond-context.fixture.ts";

const MINUTE = 60_000;
const WINDOW_MS = 5 * MINUTE;
const AT = Date.parse("2026-03-02T10:00:00Z");
const details = { texts: {}, numbers: {} };

/** A store that counts the documents requested by name. */
function countingStore(): { readonly store: DocumentStore; read(): number } {
  const store = openEmbeddedStore({ file: ":memory:" });
  let count = 0;
  return {
    store: {
      ...store,
      async getAll(paths) {
        count += paths.length;
        return store.getAll(paths);
      },
    },
    read: () => count,
  };
}

const past = (i: number, title: string): PastIncident => ({
  id: `PAST${i}`,
  service: snapshot.service,
  title,
  createdAt: AT - (i + 1) * 60 * MINUTE,
  resolvedAt: AT - (i + 1) * 60 * MINUTE + MINUTE,
  resolvedBy: "integration",
  acknowledgedAt: null,
  takenOverAt: null,
  mergedInto: null,
  urgency: "high",
  details: {},
});

const asked = (change: Partial<ObserveOptions> = {}): ObserveOptions => ({
  windowMs: WINDOW_MS,
  details,
  looksAtNames: false,
  enoughSeen: Promise.resolve(5),
  ...change,
});

const shown = (title: string): IncidentEvent => ({
  ...eventOf("triggered"),
  occurredAt: AT,
  snapshot: { ...snapshot, title },
});

describe("what is known when an incident opens", () => {
  let ledger: Ledger;
  let read: () => number;
  beforeEach(async () => {
    const counting = countingStore();
    ledger = createLedger(counting.store);
    onTestFinished(() => ledger.close());
    const rules = { windowMs: WINDOW_MS, autoResolveAfter: null };
    const titles = [
      ...Array.from({ length: 6 }, () => "Disk full on port 5432"),
      ...Array.from({ length: 2 }, () => "Disk full on port 9042"),
    ];
    for (const [i, title] of titles.entries())
      for (const event of eventsOf(past(i, title))) await ledger.recordEvent(event, rules);
    const before = counting.read();
    read = () => counting.read() - before;
  });
  const observed = async (title: string, options = asked()) =>
    (await observe(ledger, shown(title), { ...snapshot, title }, options)).observation;
  const seenIn = (records: readonly { readonly days: object }[]) => (records.length > 0 ? "seen" : "nothing");

  test("of an alarm that was seen often is read without its coarser names: 14 documents", async () => {
    const { nameRecords } = await observed("Disk full on port 5432");
    expect(nameRecords.map(seenIn)).toEqual(["seen", "nothing", "nothing"]);
    // Three subjects of four shards, and the incident's own two.
    expect(read()).toBe(14);
  });

  test("of one that is new its coarser names are read, until one is known", async () => {
    expect((await observed("Disk full on port 8125")).nameRecords.map(seenIn)).toEqual([
      "nothing",
      "seen",
      "nothing",
    ]);
    expect(read()).toBe(14 + 6);
    expect((await observed("Queue long")).nameRecords.map(seenIn)).toEqual(["nothing", "nothing", "nothing"]);
    expect(read()).toBe(20 + 14 + 12);
  });

  test("of a new alarm: coarser names are not read where nothing is held anyway, or novelty is not checked", async () => {
    await observed("Disk full on port 8125", asked({ enoughSeen: Promise.resolve(null) }));
    await observed("Disk full on port 8125", asked({ enoughSeen: Promise.resolve(0) }));
    expect(read()).toBe(2 * 14);
  });

  test("is read in one go where the predictor uses every level", async () => {
    const { nameRecords } = await observed("Disk full on port 5432", asked({ looksAtNames: true }));
    expect(nameRecords.map(seenIn)).toEqual(["seen", "seen", "seen"]);
    expect(read()).toBe(22);
  });

  test("leaves the incident itself out at every level, though it was recorded meanwhile", async () => {
    const rules = { windowMs: WINDOW_MS, autoResolveAfter: null };
    const before = await observed("Disk full on port 8125");
    await ledger.recordEvent(shown("Disk full on port 8125"), rules);
    const after = await observed("Disk full on port 8125");
    const opened = ({ nameRecords }: typeof before) =>
      nameRecords.map((records) => JSON.stringify(records.map(({ days }) => days)));
    expect(opened(after)[1]).toBe(opened(before)[1]);
  });
});
