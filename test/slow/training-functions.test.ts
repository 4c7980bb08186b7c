import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { learnSubscriptionOf } from "@mrdata/functions";
import { type PastIncident, pastOf } from "@mrdata/incident";
import { rowOfPast, versionFiles } from "@mrdata/learning";
import { allIndexes, createLedger, systemClock } from "@mrdata/platform";
import { openEmbeddedBus, openEmbeddedModels, openEmbeddedStore } from "@mrdata/platform/embedded";
import { localFiles } from "@mrdata/runtime";
import { filesOf, trainingSpec } from "@mrdata/training";
import { trainHere } from "@mrdata/training/threads";
import { expect, onTestFinished, test } from "vitest";
import { bundledFunctions } from "../support/bundled.ts";
import { startFunction } from "../support/function-process.ts";
import { jsonLines, mrdata } from "../support/mrdata.ts";
import { somePast } from "../support/trained-version.ts";

// Two trainings with all learners, the functions as they are deployed: some twenty seconds of processor time.
const DAY_MS = 86_400_000;
/** As many as the schedule's training takes, and a few. */
const incidents = somePast(Date.now() - DAY_MS).slice(-230);

test("retrain starts a job over the ledger, learn does its tasks, and the version is the one that one process makes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-learning-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, "home");
  const history = join(folder, "history.ndjson");
  writeFileSync(history, incidents.map((past) => `${JSON.stringify(rowOfPast(past))}\n`).join(""));
  const imported = await mrdata(["import", history, "--home", home, "--json"]);
  expect(jsonLines(imported.stdout)[0]).toMatchObject({ added: incidents.length });

  const archives = await bundledFunctions();
  const env = { MRDATA_TARGET: `local:${home}`, MRDATA_WINDOW: "5m" };
  const [retrain, learn] = await Promise.all(
    ["retrain", "learn"].map((name) => startFunction(archives.get(name) ?? "", name, env)),
  );
  if (retrain === undefined || learn === undefined) throw new Error("the functions were not started");
  const files = localFiles(home);
  const bus = openEmbeddedBus({
    file: files.bus,
    clock: systemClock,
    subscriptions: [{ ...learnSubscriptionOf(""), pushEndpoint: `${learn.url}/` }],
  });
  const ledger = createLedger(openEmbeddedStore({ file: files.ledger, indexes: allIndexes }));
  onTestFinished(async () => {
    await Promise.all([retrain.stop(), learn.stop()]);
    await bus.close();
    await ledger.close();
  });
  bus.start();

  const call = async () => {
    const answer = await fetch(retrain.url, { method: "POST" });
    return { status: answer.status, body: await answer.json() };
  };
  const started = await call();
  const job = `train-${new Date().toISOString().slice(0, 10)}`;
  expect(started).toEqual({ status: 200, body: { job, state: "running", drift: [] } });
  // The scheduler may call twice.
  expect((await call()).body).toMatchObject({ job });
  await expect
    .poll(async () => (await ledger.training.job(job))?.state, { timeout: 240_000, interval: 500 })
    .not.toBe("running");

  const ended = await ledger.training.job(job);
  expect(ended, learn.output()).toMatchObject({ state: "done", version: "v1" });
  const past: PastIncident[] = [];
  for await (const { events } of ledger.pastIncidents()) {
    const one = pastOf(events);
    if (one !== null) past.push(one);
  }
  const wanted = filesOf(await trainHere(past, trainingSpec.parse(ended?.spec), { workers: 2 }));
  const models = openEmbeddedModels({ dir: files.models });
  for (const file of versionFiles)
    expect(
      Buffer.from((await models.read("v1", file)) ?? []).equals(Buffer.from(wanted.get(file) ?? [])),
      file,
    ).toBe(true);
  expect(await bus.deadLetters()).toEqual([]);

  const told = await mrdata(["jobs", "--home", home]);
  expect(told.stdout).toContain(`${job}  made v1`);
});
