import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import { openEmbeddedStore } from "./document-store.ts";

/** Collections whose paths begin alike, and some within others. */
const collections = ["a", "a0", "a/x/b", "a/x/b0", "a/x/b/y/c", "a/x0/b", "a/X/b", "a/x/b!"];
const documents = collections.flatMap((collection) =>
  ["1", "10", "2", "x", "é"].map((id, n) => ({ collection, id, path: `${collection}/${id}`, data: { n } })),
);

function fileIn(): string {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-index-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "ledger.sqlite");
}

async function filled(file: string) {
  const store = openEmbeddedStore({ file });
  onTestFinished(() => store.close());
  for (const { path, data } of documents.toReversed()) await store.set(path, data);
  return store;
}

/** As files were before: one index of all collections. */
function earlierFile(): string {
  const file = fileIn();
  const database = new DatabaseSync(file);
  database.exec(`
    CREATE TABLE documents (path TEXT PRIMARY KEY, collection TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, json TEXT NOT NULL);
    CREATE INDEX by_collection ON documents (collection, id);
    CREATE TABLE counter (one INTEGER PRIMARY KEY CHECK (one = 1), value INTEGER NOT NULL);
    INSERT INTO counter VALUES (1, 0);
  `);
  database.close();
  return file;
}

const indexesOf = (file: string): readonly unknown[] => {
  const database = new DatabaseSync(file);
  const names = database.prepare("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE INDEX%'").all();
  database.close();
  return names.map(({ name }) => name);
};

it.each([
  ["a file of this version", fileIn, ["by_outermost"]],
  ["a file of an earlier one, which stays as it is", earlierFile, ["by_collection"]],
] as const)("%s gives the documents of a collection and of no other", async (_, make, indexes) => {
  const file = make();
  const store = await filled(file);
  for (const collection of collections) {
    const those = documents
      .filter((one) => one.collection === collection)
      .map(({ path, id, data }) => ({ path, id, data }));
    expect(await store.query({ collection })).toEqual(those);
    expect(await store.page(collection, { after: "10", limit: 2 })).toEqual(those.slice(2, 4));
    expect(await store.count({ collection, where: [{ field: "n", is: ">=", value: 3 }] })).toBe(2);
  }
  expect(await store.query({ collection: "a/x" })).toEqual([]);
  expect(indexesOf(file)).toEqual(indexes);
});
