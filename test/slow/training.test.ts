import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@mrdata/forest";
import { sendTask } from "@mrdata/functions";
import { trainVersion, versionFiles, writeVersion } from "@mrdata/learning";
import { allIndexes, createLedger, systemClock } from "@mrdata/platform";
import { openEmbeddedPublisher, openEmbeddedResults, openEmbeddedStore } from "@mrdata/platform/embedded";
import { cardPage } from "@mrdata/report";
import { localFiles } from "@mrdata/runtime";
import { filesOf, learningOptions, specOf, startJob, storeHistory } from "@mrdata/training";
import { trainHere } from "@mrdata/training/threads";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { somePast } from "../support/trained-version.ts";

// The real learners, threads, bus, processes and files: some ten seconds of processor time for each training, of which there are five.
const NOW = Date.parse("2026-06-01T00:00:00Z");
// Each 25th was merged some minutes after its opening: a row for a window that ends before, and none for one that does not.
// Alarms name hosts, so that the levels of their names are features.
const history = somePast(NOW - 86_400_000)
  .map((past, i) => ({ ...past, title: `${past.title} on host-${i % 37}` }))
  .map((past, i) =>
    i % 25 === 3
      ? { ...past, resolvedAt: past.createdAt + (1 + ((i / 25) % 4)) * 60_000, mergedInto: `PAST${i - 1}` }
      : past,
  );
const spec = specOf({
  now: NOW,
  windowMs: 300_000,
  refits: 1,
  seed: 1,
  trees: 10,
  rule: { precision: 0.9, rows: 20, missBudget: 0.1 },
  certificate: { budget: 0.1, delta: 0.1, days: 180 },
  keepColumns: [],
  windows: true,
  unattended: true,
});
const worker = join(import.meta.dirname, "../support/learning-process.ts");

/** A home with a job that waits for workers. */
async function homeWithJob() {
  const home = mkdtempSync(join(tmpdir(), "mrdata-training-"));
  const files = localFiles(home);
  const ledger = createLedger(openEmbeddedStore({ file: files.ledger, indexes: allIndexes }));
  const bus = openEmbeddedPublisher({ file: files.bus, clock: systemClock });
  onTestFinished(async () => {
    await bus.close();
    await ledger.close();
    rmSync(home, { recursive: true, force: true });
  });
  const results = openEmbeddedResults({ dir: files.results });
  /** Once somebody subscribes, for what is published before is for nobody. */
  const start = async () => {
    await storeHistory({ id: "job-1", spec }, history, { ledger, results });
    const ports = { ledger, send: sendTask(bus), now: () => Date.now(), report: () => {} };
    await startJob({ id: "job-1", spec }, ports);
  };
  return { home, ledger, start };
}

async function startWorker(home: string, threads: number) {
  const child = spawn(process.execPath, [worker, home, "job-1", String(threads)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  await once(child.stdout, "data");
  return child;
}

const published = (home: string, version: string) =>
  versionFiles.map((file) => [file, readFileSync(join(localFiles(home).models, version, file), "hex")]);

describe("a training by processes and threads", () => {
  let wanted: readonly (readonly [string, string])[];
  beforeAll(async () => {
    const files = filesOf(await trainHere(history, spec, { workers: 2 }));
    wanted = versionFiles.map((file) => [file, Buffer.from(files.get(file) ?? []).toString("hex")]);
  });

  test("of one process is the one that the steps make in one go", async () => {
    const trained = await trainVersion(history, { ...learningOptions(spec), workers: 2 });
    const files = writeVersion(trained, (card) => cardPage(card, trained.details, trained.model));
    expect(versionFiles.map((file) => [file, Buffer.from(files.get(file) ?? []).toString("hex")])).toEqual(
      wanted,
    );
  });

  test.each([1, 7])("with %i threads is the one of this process, bit for bit", async (threads) => {
    const { home, ledger, start } = await homeWithJob();
    const child = await startWorker(home, threads);
    await start();
    if (child.exitCode === null) await once(child, "exit");
    expect(await ledger.training.job("job-1")).toMatchObject({ state: "done", version: "v1" });
    expect(published(home, "v1")).toEqual(wanted);
    expect(await ledger.alias("champion")).toBe("v1");
  });

  test("is the same where its process is killed at random moments, again and again", async () => {
    const { home, ledger, start } = await homeWithJob();
    const random = createRandom(11);
    let child = await startWorker(home, 2);
    await start();
    for (let kills = 0; kills < 5; kills++) {
      await new Promise((resolve) => setTimeout(resolve, 200 + random.below(1_500)));
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      child = await startWorker(home, 2);
    }
    if (child.exitCode === null) await once(child, "exit");
    expect(await ledger.training.job("job-1")).toMatchObject({ state: "done", version: "v1", reason: null });
    expect(published(home, "v1")).toEqual(wanted);
  });
});
