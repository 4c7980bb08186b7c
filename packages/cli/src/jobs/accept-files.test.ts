import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventsOf, type PastIncident } from "@mrdata/incident";
import { allIndexes, createLedger } from "@mrdata/platform";
import { openEmbeddedResults, openEmbeddedStore } from "@mrdata/platform/embedded";
import { localFiles } from "@mrdata/runtime";
import { beginImport, importedName } from "@mrdata/training";
import { expect, onTestFinished, test } from "vitest";
import { run } from "../run.ts";

const AT = Date.parse("2026-03-01T00:00:00Z");
const pastOf = (id: string, title: string): PastIncident => ({
  id,
  service: "PSVC001",
  title,
  createdAt: AT,
  resolvedAt: AT + 60_000,
  resolvedBy: "integration",
  acknowledgedAt: null,
  takenOverAt: null,
  mergedInto: null,
  urgency: "high",
  details: {},
});

/** A home whose job has imported three files: one with two incidents, one refused, one that is read still. */
async function home({ readAll }: { readonly readAll: boolean }) {
  const directory = mkdtempSync(join(tmpdir(), "mrdata-accept-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const files = localFiles(directory);
  const open = () => createLedger(openEmbeddedStore({ file: files.ledger, indexes: allIndexes }));
  const ledger = open();
  const names = readAll ? ["a.csv", "b.csv"] : ["a.csv", "b.csv", "c.csv"];
  const listed = names.map((name) => ({ name, generation: "7", bytes: 9, writtenBy: "user-ada" }));
  await beginImport("train-1", { list: async () => listed, read: async () => null }, { ledger, now: AT });
  await ledger.training.startJob({ id: "train-1", kind: "train", spec: {} }, AT);
  const end = (task: string, file: { refused: string | null; incidents: number }) =>
    ledger.training.endTask(
      "train-1",
      task,
      { result: importedName({ name: "a.csv", generation: "7" }), file },
      AT,
    );
  await end("import-0", { refused: null, incidents: 2 });
  await end("import-1", { refused: "no column tells of escalations", incidents: 0 });
  const rows = [pastOf("PHEARD1", "As the file tells it"), pastOf("PNEW001", "Disk full")];
  await openEmbeddedResults({ dir: files.results }).write(
    importedName({ name: "a.csv", generation: "7" }),
    Buffer.from([{ refused: null, incidents: 2 }, ...rows].map((row) => JSON.stringify(row)).join("\n")),
  );
  await ledger.recordPast([eventsOf(pastOf("PHEARD1", "As it was heard live"))], { windowMs: 300_000 });
  await ledger.close();
  const lines: string[] = [];
  const take = (line: string) => lines.push(line);
  const plain = (text: string) => text;
  const terminal = { out: take, say: take, progress: () => {}, bold: plain, dim: plain };
  return {
    lines,
    mrdata: (...args: readonly string[]) =>
      run([...args, "--home", directory], terminal, { MRDATA_TARGET: `local:${directory}` }),
    async look() {
      const reading = open();
      const [heard, fresh] = await Promise.all([reading.incident("PHEARD1"), reading.incident("PNEW001")]);
      const { accepted } = await reading.training.state();
      await reading.close();
      return { heard: heard?.state.title, fresh: fresh?.state.title, accepted };
    },
  };
}

test("a job lists its files; accepted incidents count like observed ones, which stay unchanged", async () => {
  const { lines, mrdata, look } = await home({ readAll: true });
  expect(await mrdata("jobs")).toBe(0);
  expect(lines.join("\n")).toMatch(/file a\.csv, generation 7, written by user-ada: 2 incidents/);
  expect(lines.join("\n")).toMatch(/file b\.csv.*refused: no column tells of escalations/);
  expect(lines.join("\n")).toMatch(/'mrdata jobs accept train-1'/);
  expect((await look()).fresh).toBeUndefined();
  expect(await mrdata("jobs", "accept", "train-1")).toBe(0);
  expect(await look()).toMatchObject({
    heard: "As it was heard live",
    fresh: "Disk full",
    accepted: [{ name: "a.csv", generation: "7" }],
  });
  expect(lines.at(-1)).toMatch(/^a\.csv: 1 incidents count/);
  // Said again it changes nothing.
  expect(await mrdata("jobs", "accept", "train-1")).toBe(0);
  expect((await look()).accepted).toHaveLength(1);
});

test("nothing is accepted from a job that is still reading a file, or that does not exist", async () => {
  const { lines, mrdata, look } = await home({ readAll: false });
  expect(await mrdata("jobs", "accept", "train-1")).toBe(1);
  expect(lines.at(-1)).toMatch(/has not read c\.csv yet/);
  expect(await mrdata("jobs", "accept", "train-9")).toBe(1);
  expect(lines.at(-1)).toMatch(/there is no job train-9/);
  expect(await look()).toMatchObject({ accepted: [] });
});
