import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import type { DocumentStore } from "../document-store.ts";
import { openEmbeddedStore } from "./document-store.ts";

const COLLECTION = "incidents/P1/events";
const ids = ["a", "B", "é", "10", "z%2F", "\u{1F600}", "\uFF21"];

function opened(): DocumentStore {
  const store = openEmbeddedStore({ file: ":memory:" });
  onTestFinished(() => store.close());
  return store;
}

const document = fc.record({
  n: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null)),
  text: fc.string({ maxLength: 6 }).map((text) => text.toWellFormed()),
});
const writes = fc.uniqueArray(fc.tuple(fc.constantFrom(...ids), document), {
  minLength: 2,
  selector: ([id]) => id,
});

/** All that can be asked of the collection, but for revisions, which a store gives as it likes. */
async function answersOf(store: DocumentStore): Promise<unknown> {
  const read = async (path: string) => {
    const found = await store.get(path);
    return found === null ? null : { path: found.path, id: found.id, data: found.data };
  };
  return [
    await Promise.all(ids.map((id) => read(`${COLLECTION}/${id}`))),
    (await store.getAll(ids.map((id) => `${COLLECTION}/${id}`))).map((one) => one?.data ?? null),
    await store.query({ collection: COLLECTION }),
    await store.query({ collection: COLLECTION, limit: 2 }),
    await store.query({ collection: COLLECTION, where: [{ field: "n", is: ">=", value: 0 }] }),
    await store.query({ collection: COLLECTION, orderBy: [{ field: "text", direction: "desc" }], limit: 3 }),
    await store.page(COLLECTION, { after: null, limit: 3 }),
    await store.page(COLLECTION, { after: "a", limit: 9 }),
    await store.count({ collection: COLLECTION, where: [{ field: "n", is: "==", value: null }] }),
    await store.query({ collection: "incidents/P2/events" }),
  ];
}

// The plain twin writes each document by itself, and then nothing is ever packed.
it("what one transaction writes into a new sub-collection is read, asked for and changed as if each were written by itself", () =>
  fc.assert(
    fc.asyncProperty(writes, fc.constantFrom(...ids), document, async (written, other, changed) => {
      const [packed, plain] = [opened(), opened()];
      await packed.transaction(async (transaction) => {
        for (const [id, data] of written) transaction.set(`${COLLECTION}/${id}`, data);
      });
      for (const [id, data] of written) await plain.set(`${COLLECTION}/${id}`, data);
      const both = async () => expect(await answersOf(packed)).toEqual(await answersOf(plain));
      await both();
      for (const store of [packed, plain]) await store.set(`${COLLECTION}/${other}`, changed);
      await both();
      for (const store of [packed, plain]) await store.delete(`${COLLECTION}/${other}`);
      await both();
    }),
    { numRuns: 40 },
  ));

const pair = async (store: DocumentStore) =>
  store.transaction(async (transaction) => {
    transaction.set(`${COLLECTION}/a`, { n: 1 });
    transaction.set(`${COLLECTION}/b`, { n: 2 });
  });

it("a packed document that was changed since it was read is not overwritten, and one that was not is", async () => {
  const store = opened();
  await pair(store);
  const revision = (await store.get(`${COLLECTION}/a`))?.revision ?? "";
  expect(await store.replace([{ path: `${COLLECTION}/a`, data: { n: 3 }, revision: "0" }])).toBeNull();
  expect(await store.replace([{ path: `${COLLECTION}/a`, data: { n: 3 }, revision }])).toHaveLength(1);
  expect(await store.replace([{ path: `${COLLECTION}/a`, data: { n: 4 }, revision }])).toBeNull();
  expect((await store.query({ collection: COLLECTION })).map(({ data }) => data.n)).toEqual([3, 2]);
});

it("a transaction that read packed documents is run again when another writer came between", async () => {
  const store = opened();
  await pair(store);
  let runs = 0;
  await store.transaction(async (transaction) => {
    const [first] = await transaction.query({ collection: COLLECTION });
    if (++runs === 1) await store.set(`${COLLECTION}/a`, { n: 7 });
    transaction.set("incidents/P1", { seen: first?.data.n ?? null });
  });
  expect([runs, (await store.get("incidents/P1"))?.data]).toEqual([2, { seen: 7 }]);
});

it("what is there already is not made again, packed or not", async () => {
  const store = opened();
  await pair(store);
  await expect(store.create(`${COLLECTION}/b`, { n: 9 })).rejects.toThrow("exists already");
  await store.create(`${COLLECTION}/c`, { n: 3 });
  expect((await store.query({ collection: COLLECTION })).map(({ data }) => data.n)).toEqual([1, 2, 3]);
});
