import { DocumentExistsError } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, test } from "vitest";

// Filling a ledger: SQLite's own, for Firestore has its import.
test("what is written together is there once all of it is written, and not at all if something failed", async () => {
  const store = openEmbeddedStore({ file: ":memory:" });
  await store.set("things/before", { n: 0 });
  await store.together(async () => {
    await store.create("things/a", { n: 1 });
    // Its own failure takes back no more than itself.
    await expect(
      store.transaction(async (transaction) => {
        transaction.set("things/b", { n: 2 });
        transaction.create("things/a", { n: 3 });
      }),
    ).rejects.toThrow(DocumentExistsError);
    await store.set("things/c", { n: 4 });
  });
  const left = async () => (await store.query({ collection: "things" })).map(({ id }) => id);
  expect(await left()).toEqual(["a", "before", "c"]);

  await expect(
    store.together(async () => {
      await store.set("things/d", { n: 5 });
      throw new Error("the disk is full");
    }),
  ).rejects.toThrow("the disk is full");
  expect(await left()).toEqual(["a", "before", "c"]);
  await store.set("things/e", { n: 6 });
  expect(await left()).toEqual(["a", "before", "c", "e"]);
  await store.close();
});
