import type { ResultStore } from "@mrdata/platform";
import { describe, expect } from "vitest";
import { type Adapter, testOf } from "./adapter.ts";

/** What the tasks of a training rely on, of wherever they leave their results. `open` gives an empty store. */
export function resultStoreContract(adapter: Adapter<ResultStore>): void {
  const test = testOf(adapter);
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

  describe(`results of tasks (${adapter.name})`, () => {
    test("are read as they were written, byte by byte, and null where there is none", async () => {
      const results = await adapter.open();
      expect(await results.read("fit-0a1b")).toBeNull();
      expect(await results.write("fit-0a1b", bytes)).toBe(true);
      expect(Buffer.from((await results.read("fit-0a1b")) ?? [])).toEqual(bytes);
      expect(await results.read("fit-0a1")).toBeNull();
    });
    test("are written once: the first stands, whoever comes after it", async () => {
      const results = await adapter.open();
      const writers = ["one", "two", "three", "four"];
      const wrote = await Promise.all(writers.map((text) => results.write("draw-1", Buffer.from(text))));
      expect(wrote.filter(Boolean)).toHaveLength(1);
      expect(Buffer.from((await results.read("draw-1")) ?? []).toString()).toBe(writers[wrote.indexOf(true)]);
      expect(await results.write("draw-1", bytes)).toBe(false);
    });
    for (const name of ["", "../v1", "a/b", ".hidden", "A", "a".repeat(121)])
      test(`have names that are file and object names everywhere: not '${name.slice(0, 9)}'`, async () => {
        const results = await adapter.open();
        await expect((async () => results.write(name, bytes))()).rejects.toThrow(RangeError);
        await expect((async () => results.read(name))()).rejects.toThrow(RangeError);
      });
  });
}
