import { createLedger, type HistoryFile } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, onTestFinished, test } from "vitest";
import { beginImport, MAX_FILES } from "./begin-import.ts";

const fileOf = (i: number, generation = "1"): HistoryFile => ({
  name: `${String(i).padStart(3, "0")}.csv`,
  generation,
  bytes: 1,
  writtenBy: null,
});

/** A bucket with a number of files; jobs reject the given ones and read the others. */
function bucket(count: number, refuses: (i: number) => boolean = () => true) {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  onTestFinished(() => ledger.close());
  const files = Array.from({ length: count }, (_, i) => fileOf(i));
  const begin = async (job: string) =>
    (await beginImport(job, { list: async () => files, read: async () => null }, { ledger, now: 0 })).map(
      ({ name, generation }) => `${name} ${generation}`,
    );
  const imports = async (job: string) => {
    const begun = await begin(job);
    for (const [i, name] of begun.entries()) {
      const file = refuses(Number.parseInt(name, 10))
        ? { refused: "no column tells of escalations", incidents: 0 }
        : { refused: null, incidents: 2 };
      await ledger.training.endTask(job, `import-${i}`, { result: "imported-1", file }, 0);
    }
    return begun;
  };
  return { ledger, files, begin, imports };
}
const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${fileOf(from + i).name} 1`);

test("files that were refused keep none behind them waiting, over any number of jobs", async () => {
  const { imports } = bucket(2 * MAX_FILES + 7);
  expect(await imports("a")).toEqual(names(0, MAX_FILES));
  expect(await imports("b")).toEqual(names(MAX_FILES, 2 * MAX_FILES));
  expect(await imports("c")).toEqual(names(2 * MAX_FILES, 2 * MAX_FILES + 7));
  expect(await imports("d")).toEqual([]);
  expect(await imports("e")).toEqual([]);
});

test("what was read and is not accepted is imported again, and what a job never came to is no refusal", async () => {
  const { imports, begin } = bucket(MAX_FILES + 3, (i) => i % 2 === 0);
  await imports("a");
  const odd = names(0, MAX_FILES).filter((_, i) => i % 2 === 1);
  const second = await begin("b");
  expect(second).toEqual([...odd, ...names(MAX_FILES, MAX_FILES + 3)]);
  expect(await imports("c")).toEqual(second);
});

test("another generation of a refused file is read, and one that is gone is forgotten", async () => {
  const { ledger, files, imports } = bucket(3);
  await imports("a");
  files.splice(0, 2, fileOf(0, "2"));
  expect(await imports("b")).toEqual(["000.csv 2"]);
  expect((await ledger.training.state()).refused).toEqual([{ name: "002.csv", generation: "1" }]);
});

test("calling it again for the same job keeps the first list, even after files were rejected or added", async () => {
  const { files, begin, imports } = bucket(3);
  const first = await imports("a");
  files.push(fileOf(3));
  expect(await begin("a")).toEqual(first);
});
