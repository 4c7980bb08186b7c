import { buildRecord, buildRespond, buildSweep } from "@mrdata/functions";
import { createLedger, memoryResults, writePushEnvelope } from "@mrdata/platform";
import { type BuildContext, type Handler, readEnvironment, requestOf } from "@mrdata/runtime";
import { expect, test } from "vitest";
import { DOCUMENTS_PER_INCIDENT, DOCUMENTS_PER_SWEEP } from "../../packages/cli/src/cost/quantities.ts";
import { createMemoryStore } from "../simulation/memory-store.ts";
import { countingStore } from "../support/counting-store.ts";
import { jumpingClock } from "../support/jumping-clock.ts";
import { modelsOf } from "../support/trained-version.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

const START = Date.parse("2026-03-02T22:01:00Z");

/** The functions over a ledger that counts. The bot listens, and PagerDuty lists no incident. */
async function counted() {
  const { store, counts } = countingStore(createMemoryStore());
  const ledger = createLedger(store);
  const clock = jumpingClock(START);
  const context: BuildContext = {
    environment: readEnvironment({ MRDATA_TARGET: "local:.", MRDATA_BOT_USER: "PBOT001" }),
    backend: {
      bus: async () => ({ publish: async () => ({ messageId: "1" }) }),
      ledger: async () => ledger,
      secrets: async () => ({ get: (name) => (name === "pagerduty-token" ? "token" : null) }),
      endpoint: async () => null,
      models: async () => modelsOf({}),
      results: async () => memoryResults(),
    },
    clock,
    log: () => {},
    fetch: async () => Response.json({ incidents: [], log_entries: [], more: false, limit: 100, offset: 0 }),
  };
  const [respond, record, sweep] = [
    await buildRespond(context),
    await buildRecord(context),
    await buildSweep(context),
  ];
  const push = async (handler: Handler, type: string, incident: string, service: string) => {
    const at = clock.now();
    const message = {
      data: bytesOf(webhook({ type, incident, at, service, id: `${incident}-${type}` })),
      messageId: `${incident}-${type}`,
      attributes: {},
      orderingKey: incident,
      publishTime: at,
      subscription: "s",
      deliveryAttempt: 1,
    };
    const { status } = await handler(
      requestOf("POST", "http://function/", {}, Buffer.from(writePushEnvelope(message))),
    );
    expect(status).toBe(204);
  };
  const incident = async (id: string, service = "PSVC001") => {
    for (const type of ["triggered", "acknowledged", "resolved"]) {
      await push(respond, type, id, service);
      await push(record, type, id, service);
      await clock.sleep(60_000);
    }
  };
  return {
    counts,
    incident,
    sweep: () => sweep(requestOf("POST", "http://function/", {}, new Uint8Array())),
  };
}

test("an incident of three events reads and writes as many documents as the costs say, however many came before", async () => {
  const { counts, incident } = await counted();
  const cost = async (id: string) => {
    const { reads, writes } = counts;
    await incident(id);
    return { reads: counts.reads - reads, writes: counts.writes - writes };
  };
  await cost("P0");
  const early = await cost("P1");
  for (let n = 2; n < 30; n++) await incident(`P${n}`);
  const late = await cost("P30");
  expect(late.writes).toBe(early.writes);
  expect(late.writes).toBe(DOCUMENTS_PER_INCIDENT.writes);
  expect(late.reads).toBeLessThanOrEqual(DOCUMENTS_PER_INCIDENT.reads);
  expect(late.reads).toBeGreaterThan(DOCUMENTS_PER_INCIDENT.reads - 5);
});

test("no document is written by every incident: of two services, and of two shards of one, each writes its own", async () => {
  const { counts, incident } = await counted();
  const writtenBy = async (id: string, service: string): Promise<ReadonlySet<string>> => {
    counts.written.clear();
    await incident(id, service);
    return new Set(counts.written.keys());
  };
  const all: ReadonlySet<string>[] = [];
  for (let n = 0; n < 40; n++) all.push(await writtenBy(`PX${n}`, `PSVC${n % 4}`));
  const byAll = all.reduce((common, one) => common.intersection(one));
  expect([...byAll]).toEqual([]);
  const times = new Map<string, number>();
  for (const one of all) for (const path of one) times.set(path, (times.get(path) ?? 0) + 1);
  // Not more than the incidents of its own service.
  expect(Math.max(...times.values())).toBeLessThanOrEqual(10);
});

test("a minute in which nothing happens reads and writes as many documents as the costs say", async () => {
  const { counts, sweep } = await counted();
  await sweep();
  const { reads, writes } = counts;
  const minutes = 10;
  for (let n = 0; n < minutes; n++) await sweep();
  expect((counts.reads - reads) / minutes).toBeLessThanOrEqual(DOCUMENTS_PER_SWEEP.reads);
  expect((counts.reads - reads) / minutes).toBeGreaterThan(DOCUMENTS_PER_SWEEP.reads - 4);
  expect((counts.writes - writes) / minutes).toBeLessThanOrEqual(DOCUMENTS_PER_SWEEP.writes);
});
