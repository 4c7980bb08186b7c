import { expect, onTestFinished, test } from "vitest";
import { openEmbeddedStore } from "../embedded/index.ts";
import { createLedger } from "./ledger.ts";
import { missesIn } from "./misses.ts";

const START = Date.parse("2026-03-02T00:00:00Z");
const HOUR = 3_600_000;
const SERVICE = "PSVC001";

/** A store of this many real incidents, stored in an order of their own, of which every n-th was a miss. */
async function storeOf(real: number, { everyMs, missEvery }: { everyMs: number; missEvery: number }) {
  const store = openEmbeddedStore({ file: ":memory:" });
  onTestFinished(() => store.close());
  for (let place = 0; place < real; place++) {
    // Neither the order of ids nor that of writing is the order of opening.
    const i = (place * 7) % real;
    const openedAt = START + i * everyMs;
    const id = `P${(i * 31) % 997}x${i}`;
    await store.set(`incidents/${id}`, { service: SERVICE, outcome: "needed-human", openedAt });
    if (i % missEvery === 0)
      await store.set(`predictions/${id}`, { service: SERVICE, incident: id, missedAt: openedAt });
  }
  return store;
}

const of = [{ service: SERVICE, since: START, missesSince: START }];
const listedBy = async (store: Awaited<ReturnType<typeof storeOf>>, maxListed: number) => {
  const trail = await missesIn(store, () => {}, { maxListed }).missTrail(of);
  return trail.toSorted((a, b) => a.openedAt - b.openedAt);
};

test.each([
  ["hours apart", { everyMs: 5 * HOUR, missEvery: 3 }],
  ["months apart", { everyMs: 400 * HOUR, missEvery: 3 }],
  ["within seconds", { everyMs: 100, missEvery: 3 }],
  ["all of them misses", { everyMs: 5 * HOUR, missEvery: 1 }],
] as const)(
  "of more than can be listed the newest are, hits and misses back to the same moment: %s",
  async (_, how) => {
    const store = await storeOf(101, how);
    const [whole, cut] = [await listedBy(store, 1_000), await listedBy(store, 40)];
    expect(whole).toHaveLength(101);
    expect(cut).toEqual(whole.slice(-cut.length));
    expect(cut.length).toBeLessThanOrEqual(40);
    expect(cut.length).toBeGreaterThanOrEqual(18);
  },
);

test("what can be listed is, to the last", async () => {
  const store = await storeOf(39, { everyMs: HOUR, missEvery: 4 });
  expect(await listedBy(store, 40)).toHaveLength(39);
  expect((await createLedger(store).missTrail(of)).filter(({ missed }) => missed)).toHaveLength(10);
});
