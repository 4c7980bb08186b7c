import type { DocumentData, DocumentStore, DocumentValue } from "@mrdata/platform";
import { describe, expect, onTestFinished } from "vitest";
import { type Adapter, testOf } from "./adapter.ts";

/** A field within so many maps, or within maps and lists by turns. */
const nested = (levels: number): DocumentValue => (levels === 0 ? 1 : { in: nested(levels - 1) });
const nestedInLists = (levels: number): DocumentValue =>
  levels === 0 ? 1 : levels % 2 === 0 ? { in: nestedInLists(levels - 1) } : [nestedInLists(levels - 1)];

/** What the ledger relies on, of whichever store is below it. `open` makes an empty store. */
export function documentStoreContract(adapter: Adapter<DocumentStore>): void {
  const test = testOf(adapter);
  const open = async () => {
    const store = await adapter.open();
    onTestFinished(() => store.close());
    return store;
  };
  const idsOf = (documents: readonly { readonly id: string }[]) => documents.map(({ id }) => id);
  const increment = (store: DocumentStore, path: string) =>
    store.transaction(async (transaction) => {
      const n = (await transaction.get(path))?.data.n;
      transaction.set(path, { n: (typeof n === "number" ? n : 0) + 1 });
    });

  describe(`documents (${adapter.name})`, () => {
    test("what was written is read, replaced whole and deleted", async () => {
      const store = await open();
      expect(await store.get("things/a")).toBeNull();
      await store.set("things/a", { n: 1, old: true });
      await store.set("things/a", { n: 2 });
      expect(await store.get("things/a")).toMatchObject({ path: "things/a", id: "a", data: { n: 2 } });
      await store.delete("things/a");
      await store.delete("things/a");
      expect(await store.get("things/a")).toBeNull();
    });

    test("several are answered in the order of the question, with null for what is not there", async () => {
      const store = await open();
      await store.set("things/a", { n: 1 });
      await store.set("others/b", { n: 2 });
      const found = await store.getAll(["others/b", "things/none", "things/a"]);
      expect(found.map((document) => document?.data.n ?? null)).toEqual([2, null, 1]);
      expect(await store.getAll([])).toEqual([]);
    });

    test("a collection is taken page by page, in the order of the bytes of its ids, without what lies within or beside", async () => {
      const store = await open();
      const ids = ["a", "B", "é", "b", "10", "9", "z%2F"];
      for (const id of ids) await store.set(`things/${id}`, { id });
      await store.set("things/a/events/e", { n: 1 });
      await store.set("thing/x", { n: 1 });
      const taken: string[] = [];
      for (let after: string | null = null; ; ) {
        const page = await store.page("things", { after, limit: 3 });
        taken.push(...idsOf(page));
        after = page.at(-1)?.id ?? null;
        if (after === null) break;
      }
      expect(taken).toEqual(["10", "9", "B", "a", "b", "z%2F", "é"]);
      expect(await store.page("things/a/events", { after: null, limit: 9 })).toMatchObject([
        { path: "things/a/events/e", data: { n: 1 } },
      ]);
      expect(await store.page("none", { after: null, limit: 9 })).toEqual([]);
    });

    test("a path is created once", async () => {
      const store = await open();
      await store.create("things/a", { n: 1 });
      await expect(store.create("things/a", { n: 2 })).rejects.toMatchObject({
        name: "DocumentExistsError",
        path: "things/a",
      });
      expect((await store.get("things/a"))?.data).toEqual({ n: 1 });
    });

    test("what is written beside a document that is created is written with it, or not at all", async () => {
      const store = await open();
      await store.create("things/a", { n: 1 }, { path: "others/mark", data: { n: 1 } });
      expect((await store.get("others/mark"))?.data).toEqual({ n: 1 });
      await expect(
        store.create("things/a", { n: 2 }, { path: "others/mark", data: { n: 2 } }),
      ).rejects.toThrow("things/a");
      await expect(
        store.create("things/b", { n: 3 }, { path: "others/mark", data: { n: Number.NaN } }),
      ).rejects.toThrow(RangeError);
      expect((await store.get("others/mark"))?.data).toEqual({ n: 1 });
      expect(await store.get("things/b")).toBeNull();
      await store.create("things/b", { n: 3 }, { path: "others/mark", data: { n: 3 } });
      expect((await store.get("others/mark"))?.data).toEqual({ n: 3 });
    });

    test("what was seen is replaced as a whole, or nothing of it where anything was written since", async () => {
      const store = await open();
      const change = (path: string, n: number, revision: string | null) => ({ path, data: { n }, revision });
      const both = await store.replace([change("things/a", 1, null), change("others/b", 1, null)]);
      const [a = "", b = ""] = both ?? [];
      expect((await store.getAll(["things/a", "others/b"])).map((one) => one?.revision)).toEqual([a, b]);
      // Made by somebody else, and written, deleted or made anew by somebody else.
      expect(await store.replace([change("things/c", 2, null), change("things/a", 2, null)])).toBeNull();
      await store.set("others/b", { n: 3 });
      expect(await store.replace([change("things/a", 2, a), change("others/b", 2, b)])).toBeNull();
      await store.delete("others/b");
      expect(await store.replace([change("things/a", 2, a), change("others/b", 2, b)])).toBeNull();
      await store.create("others/b", { n: 4 });
      expect(await store.replace([change("things/a", 2, a), change("others/b", 2, b)])).toBeNull();
      expect(await store.get("things/c")).toBeNull();
      expect((await store.getAll(["things/a", "others/b"])).map((one) => one?.data.n)).toEqual([1, 4]);
      // Again and again by whoever goes by the revisions that it was told.
      let revision = a;
      for (let n = 5; n < 8; n++)
        revision = (await store.replace([change("things/a", n, revision)]))?.[0] ?? "none";
      expect((await store.get("things/a"))?.data).toEqual({ n: 7 });
      expect((await store.get("things/a"))?.revision).toBe(revision);
    });

    test("a document that was deleted may be created again", async () => {
      const store = await open();
      await store.create("things/a", { n: 1 });
      await store.delete("things/a");
      await store.create("things/a", { n: 2 });
      expect((await store.get("things/a"))?.data).toEqual({ n: 2 });
    });

    test("a query compares, sorts, limits, and ties go by id", async () => {
      const store = await open();
      for (const [id, at, of] of [
        ["d", 3, "x"],
        ["b", 1, "x"],
        ["c", 3, "x"],
        ["a", 2, "y"],
      ] as const)
        await store.set(`things/${id}`, { at, of });
      const ordered = async (direction: "asc" | "desc", limit?: number) =>
        idsOf(
          await store.query({
            collection: "things",
            orderBy: [{ field: "at", direction }],
            ...(limit === undefined ? {} : { limit }),
          }),
        );
      expect(await ordered("asc")).toEqual(["b", "a", "c", "d"]);
      expect(await ordered("desc")).toEqual(["d", "c", "a", "b"]);
      expect(await ordered("desc", 2)).toEqual(["d", "c"]);
      const where = (field: string, is: "==" | "<" | ">=", value: number | string) => ({ field, is, value });
      expect(
        idsOf(
          await store.query({ collection: "things", where: [where("at", ">=", 2), where("at", "<", 3)] }),
        ),
      ).toEqual(["a"]);
      expect(await store.count({ collection: "things", where: [where("of", "==", "x")] })).toBe(3);
      expect(await store.count({ collection: "nothing" })).toBe(0);
    });

    test("a document without the field, or with one of another type, is not in the answer", async () => {
      const store = await open();
      await store.set("things/number", { at: 1 });
      await store.set("things/text", { at: "1" });
      await store.set("things/null", { at: null });
      await store.set("things/none", { other: 1 });
      const query = (is: ">=" | "==", value: number | string | null) =>
        store.query({ collection: "things", where: [{ field: "at", is, value }] });
      expect(idsOf(await query(">=", 0))).toEqual(["number"]);
      expect(idsOf(await query("==", "1"))).toEqual(["text"]);
      expect(idsOf(await query("==", null))).toEqual(["null"]);
      const sorted = await store.query({
        collection: "things",
        orderBy: [{ field: "at", direction: "asc" }],
      });
      expect(idsOf(sorted)).toEqual(["null", "number", "text"]);
    });

    test("a list is searched for what it contains", async () => {
      const store = await open();
      await store.set("things/a", { tags: ["red", "blue"] });
      await store.set("things/b", { tags: ["blue"] });
      await store.set("things/c", { tags: "red" });
      const found = await store.query({
        collection: "things",
        where: [{ field: "tags", is: "array-contains", value: "red" }],
      });
      expect(idsOf(found)).toEqual(["a"]);
    });

    test("a collection below a document is a collection of its own", async () => {
      const store = await open();
      await store.set("things/a/parts/1", { n: 1 });
      await store.set("things/b/parts/2", { n: 2 });
      expect(idsOf(await store.query({ collection: "things/a/parts" }))).toEqual(["1"]);
      expect(await store.query({ collection: "things" })).toEqual([]);
    });

    test("what no document can hold is refused before it is sent, naming the field", async () => {
      const store = await open();
      const refused: readonly (readonly [string, DocumentData, string])[] = [
        ["things/a", { n: Number.NaN }, "field 'n' is not a finite number"],
        ["things/a", { deep: { list: [[1]] } }, "field 'deep.list' is a list directly in a list"],
        ["things/a", { a: 1, "": 1 }, "field '' cannot be a field's name"],
        ["things/a", { deep: { "": 1 } }, "field 'deep.' cannot be a field's name"],
        ["things/a", { __x__: 1 }, "field '__x__' cannot be a field's name"],
        ["things/a", { deep: { list: [{ ____: 1 }] } }, "field 'deep.list.____' cannot be a field's name"],
        ["things/a", { "__a\nb__": 1 }, "cannot be a field's name"],
        ["things/a", { [`${"x".repeat(1_499)}ä`]: 1 }, "cannot be a field's name"],
        ["things/a", { ["x".repeat(800)]: { ["y".repeat(700)]: 1 } }, "has a path of more than 1500 bytes"],
        ["things/a", { "x\ud800": 1 }, "cannot be a field's name"],
        ["things/a", { text: "cut \ud83d" }, "field 'text' is a text with half a surrogate pair"],
        ["things/a", { deep: { list: ["\udc00"] } }, "field 'deep.list' is a text with half"],
        ["things/a", { text: "x".repeat(1_048_488) }, "1048487"],
        ["things/a", { text: "ä".repeat(524_244) }, "1048487"],
        ["things/a", { a: "x".repeat(600_000), b: "x".repeat(600_000) }, "1048576 are the most"],
        // A number takes eight bytes, however few digits it has.
        ["things/a", { numbers: new Array(131_073).fill(1) }, "1048576 are the most"],
        ["things/a", { deep: nested(22) }, "more than 20 levels"],
        ["things/a", { deep: nestedInLists(22) }, "more than 20 levels"],
        ["things/a\ud800", { n: 1 }, "cannot be a document id"],
        ["things", { n: 1 }, "is the path of a collection"],
        ["things/__a__", { n: 1 }, "cannot be a document id"],
      ];
      for (const [path, data, sentence] of refused) {
        await expect(store.set(path, data)).rejects.toThrow(sentence);
        await expect(store.create(path, data)).rejects.toThrow(RangeError);
        await expect(store.create("things/b", { n: 1 }, { path, data })).rejects.toThrow(RangeError);
        await expect(store.replace([{ path, data, revision: null }])).rejects.toThrow(RangeError);
        await expect(store.transaction(async (transaction) => transaction.set(path, data))).rejects.toThrow(
          RangeError,
        );
      }
      expect(await store.getAll(["things/a", "things/b"])).toEqual([null, null]);
    });

    test("what a document just holds is held, and comes back as it was", async () => {
      const store = await open();
      const held: readonly DocumentData[] = [
        { ["x".repeat(1_500)]: 1 },
        { text: "x".repeat(1_048_487 - 1_000), more: "\u{1f600}\u0000" },
        { numbers: new Array(20_000).fill(0.1) },
        { deep: nested(19) },
        { deep: nestedInLists(19) },
        { "a.b": 1, "a/b": 2, "a`b": 3, __x: 4, x__: 5, "*": 6, " ": 7 },
      ];
      for (const data of held) {
        await store.set("things/a", data);
        expect((await store.get("things/a"))?.data).toEqual(data);
      }
    });

    test("a transaction lands whole or not at all", async () => {
      const store = await open();
      const work = store.transaction(async (transaction) => {
        await transaction.get("things/a");
        transaction.set("things/a", { n: 1 });
        transaction.create("things/b", { n: 1 });
        throw new Error("changed my mind");
      });
      await expect(work).rejects.toThrow("changed my mind");
      expect(await store.getAll(["things/a", "things/b"])).toEqual([null, null]);

      await store.create("things/taken", {});
      const second = store.transaction(async (transaction) => {
        transaction.set("things/a", { n: 1 });
        transaction.create("things/taken", {});
      });
      await expect(second).rejects.toMatchObject({ name: "DocumentExistsError", path: "things/taken" });
      expect(await store.get("things/a")).toBeNull();
    });

    test("in a transaction all reads come before the writes", async () => {
      const store = await open();
      const work = store.transaction(async (transaction) => {
        transaction.set("things/a", { n: 1 });
        await transaction.get("things/b");
      });
      await expect(work).rejects.toThrow(/reads.*before.*writes/);
      expect(await store.get("things/a")).toBeNull();
    });

    test("of writers of one document at the same time none is lost", async () => {
      const store = await open();
      await Promise.all(Array.from({ length: 16 }, () => increment(store, "things/counter")));
      expect((await store.get("things/counter"))?.data).toEqual({ n: 16 });
    });

    test("of those that create one document at the same time, one does", async () => {
      const store = await open();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, n) =>
          store.transaction(async (transaction) => {
            if ((await transaction.get("things/one")) === null) transaction.create("things/one", { n });
            else throw new Error("there already");
          }),
        ),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });

    test("what a transaction's query answered still holds when its writes land", async () => {
      const store = await open();
      // Each adds one as long as there are fewer than three: side by side they must not add a fourth.
      await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          store.transaction(async (transaction) => {
            const found = await transaction.query({ collection: "seats" });
            if (found.length < 3) transaction.set(`seats/${i}`, { taken: true });
          }),
        ),
      );
      expect(await store.count({ collection: "seats" })).toBe(3);
    });
  });
}
