import { detailSubject, eventsOf, type PastIncident, shardOf, subjectsOf } from "@mrdata/incident";
import { createLedger, type DocumentStore, type Ledger } from "@mrdata/platform";
import { describe, expect, onTestFinished } from "vitest";
import { type Adapter, testOf } from "./adapter.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-03-02T03:00:00Z");
const SERVICE = "PSVC001";
const RULES = { windowMs: 5 * MINUTE };

/** Incidents of one shard, as `recordPast` takes them. */
const ids = Array.from({ length: 60 }, (_, i) => `PAST${i}`)
  .filter((id) => shardOf(id) === 0)
  .slice(0, 8);
const pasts = ids.map(
  (id, i): PastIncident => ({
    id,
    service: SERVICE,
    title: i % 2 === 0 ? `Disk ${i}% full on db-${i}` : "Checkout answers 503",
    createdAt: START + i * 7 * MINUTE,
    resolvedAt: i === 5 ? null : START + i * 7 * MINUTE + (i % 3 === 0 ? 2 : 16) * MINUTE + i,
    resolvedBy: i === 5 ? null : i % 3 === 0 ? "integration" : "human",
    acknowledgedAt: i % 4 === 1 ? START + i * 7 * MINUTE + MINUTE : null,
    takenOverAt: i === 4 ? START + i * 7 * MINUTE + 3 * MINUTE : null,
    mergedInto: null,
    urgency: "high",
    details: {},
  }),
);
const details = (past: PastIncident) => ({
  numbers: { load: past.createdAt % 97 },
  texts: { region: past.createdAt % 2 === 0 ? "north" : "south" },
  others: { runbook: `see ${past.id}` },
});
const timelines = (list: readonly PastIncident[]) => list.map((past) => eventsOf(past, details(past)));

const everything = async (ledger: Ledger) => ({
  incidents: await Promise.all(ids.map((id) => ledger.incident(id))),
  records: await ledger.trackRecords(
    [
      ...subjectsOf(SERVICE, "Disk 1% full on db-1"),
      ...subjectsOf(SERVICE, "Checkout answers 503"),
      detailSubject(SERVICE, "region", "north"),
      detailSubject(SERVICE, "region", "south"),
    ],
    RULES.windowMs,
  ),
});

/** What `recordPast` promises, over whichever store. `open` gives an empty store. */
export function recordPastContract(adapter: Adapter<DocumentStore>): void {
  const test = testOf(adapter);
  const open = async () => {
    const store = await adapter.open();
    onTestFinished(() => store.close());
    return createLedger(store);
  };

  describe(`recording the past (${adapter.name})`, () => {
    test("all at once leaves what one event after the other leaves, number for number", async () => {
      const [one, other] = [await open(), await open()];
      const events = timelines(pasts)
        .flat()
        .sort((a, b) => a.occurredAt - b.occurredAt);
      for (const event of events) await one.recordEvent(event, RULES);
      expect(await other.recordPast(timelines(pasts), RULES)).toEqual({
        added: ids.length,
        completed: 0,
        known: 0,
        events: events.length,
      });
      expect(await everything(other)).toEqual(await everything(one));
    });

    test("the same again changes nothing, and what was open is completed", async () => {
      const ledger = await open();
      const before = pasts.map(
        (past): PastIncident => (past.id === ids[3] ? { ...past, resolvedAt: null, resolvedBy: null } : past),
      );
      await ledger.recordPast(timelines(before), RULES);
      const first = await everything(ledger);
      expect(await ledger.recordPast(timelines(before), RULES)).toMatchObject({
        known: ids.length,
        events: 0,
      });
      expect(await everything(ledger)).toEqual(first);
      expect(await ledger.recordPast(timelines(pasts), RULES)).toMatchObject({ completed: 1, events: 1 });
      expect((await ledger.incident(ids[3] ?? ""))?.state).toMatchObject({ outcome: "self-resolved" });
    });

    test("what an earlier version recorded is filed under names that were made since, and then stands", async () => {
      const store = await adapter.open();
      onTestFinished(() => store.close());
      const ledger = createLedger(store);
      await ledger.recordPast(timelines(pasts), RULES);
      const whole = await everything(ledger);
      // As it would be, had there been no names of alarms.
      for (const id of ids)
        for (const { applied, ...event } of (await ledger.incident(id))?.events ?? []) {
          const kept = Object.entries(applied).filter(([key]) => !key.startsWith("alarm"));
          await store.set(`incidents/${id}/events/${event.id}`, {
            ...event,
            applied: Object.fromEntries(kept),
          });
        }
      const named = ["Disk 1% full on db-1", "Checkout answers 503"].flatMap((title) =>
        subjectsOf(SERVICE, title).filter(({ kind }) => kind.startsWith("alarm")),
      );
      const keys = whole.records.flatMap(({ versions }) => Object.keys(versions));
      await store.transaction(async (transaction) => {
        for (const key of keys.filter((one) => one.startsWith("alarm")))
          transaction.delete(`records/${encodeURIComponent(key)}`);
      });
      for (const { records } of await ledger.trackRecords(named, RULES.windowMs)) expect(records).toEqual([]);
      const stored = await Promise.all(ids.map(async (id) => (await ledger.incident(id))?.events ?? []));
      expect(await ledger.recordPast(stored, RULES)).toMatchObject({ added: 0, completed: ids.length });
      const again = await everything(ledger);
      expect(again.records.map(({ records }) => records)).toEqual(
        whole.records.map(({ records }) => records),
      );
      expect(await ledger.recordPast(stored, RULES)).toMatchObject({ completed: 0, known: ids.length });
    });

    test("an incident that was lived through stays as the webhooks told it", async () => {
      const ledger = await open();
      const [past] = pasts;
      if (past === undefined) throw new Error("no past");
      for (const event of eventsOf(past))
        await ledger.recordEvent({ ...event, id: `webhook-${event.type}` }, RULES);
      const before = await ledger.incident(past.id);
      expect(await ledger.recordPast(timelines([past]), RULES)).toMatchObject({ known: 1, events: 0 });
      expect(await ledger.incident(past.id)).toEqual(before);
    });
  });
}
