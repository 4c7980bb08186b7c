import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { learnSubscriptionOf } from "@mrdata/functions";
import { bundleFunctions } from "@mrdata/functions/bundle";
import { type PastIncident, pastOf } from "@mrdata/incident";
import { rowOfPast, versionFiles } from "@mrdata/learning";
import { allIndexes, createLedger, systemClock, writePushEnvelope } from "@mrdata/platform";
import { openEmbeddedBus, openEmbeddedModels, openEmbeddedStore } from "@mrdata/platform/embedded";
import { localFiles } from "@mrdata/runtime";
import { filesOf, trainingSpec } from "@mrdata/training";
import { trainHere } from "@mrdata/training/threads";
import { createDeclaredDeployment, createDeployments, createVertex, deployedModelIdOf } from "@mrdata/vertex";
import { expect, onTestFinished, test } from "vitest";
import { TOKEN } from "../simulation/simulated-bot.ts";
import { BOT, ROBIN, SERVICE, smallAccount } from "../simulation/small-account.ts";
import { startFunction } from "../support/function-process.ts";
import { livePagerDuty } from "../support/live-pagerduty.ts";
import { jsonLines, mrdata } from "../support/mrdata.ts";
import { holdingOn, sureVersion } from "../support/sure-version.ts";
import { somePast } from "../support/trained-version.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";
import { startVertexDouble, type VertexDouble } from "../vertex/double/server.ts";

// It learns by itself, with the functions as they are deployed. Two trainings with all learners: some twenty seconds of processor time.
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** So many incidents of the monitor that changes come before it does; twenty come after. */
const NOISE = 57;
/** As many as the schedule's training takes, and a few; a third are a monitor's that turns from noise to real. */
const incidents = somePast(Date.now() - DAY_MS)
  .slice(-230)
  .map((past, i): PastIncident => {
    if (i % 3 !== 0) return past;
    const isReal = i / 3 >= NOISE;
    return {
      ...past,
      service: "PQUEUE",
      title: "Queue lags",
      resolvedAt: past.createdAt + (isReal ? 40 : 2) * MINUTE_MS,
      resolvedBy: isReal ? "human" : "integration",
    };
  });

test("retrain names what drifted and starts a job over the ledger, learn is killed over its tasks and does them all the same, and the version is the one that one process makes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-learning-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, "home");
  const history = join(folder, "history.ndjson");
  writeFileSync(history, incidents.map((past) => `${JSON.stringify(rowOfPast(past))}\n`).join(""));
  const imported = await mrdata(["import", history, "--home", home, "--json"]);
  expect(jsonLines(imported.stdout)[0]).toMatchObject({ added: incidents.length });

  const archives = await bundleFunctions(join(folder, "archives"), ["retrain", "learn"]);
  const env = { MRDATA_TARGET: `local:${home}`, MRDATA_WINDOW: "5m" };
  const start = async (wanted: string, port = 0) => {
    const archive = archives.find(({ name }) => name === wanted);
    return startFunction(archive?.folder ?? "", wanted, env, { port });
  };
  const retrain = await start("retrain");
  let learn = await start("learn");
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
  expect(started).toEqual({
    status: 200,
    body: {
      job,
      state: "running",
      drift: [expect.stringMatching(/^PQUEUE clears itself less often: 0 % of its last (1\d|20) incidents/)],
    },
  });
  // The scheduler may call twice.
  expect((await call()).body).toMatchObject({ job });

  // The worker is killed in the middle of a task, and another comes in its place.
  const done = async () =>
    (await ledger.training.tasksOf(job)).filter(({ outcome }) => outcome !== null).length;
  await expect.poll(done, { timeout: 240_000, interval: 50 }).toBeGreaterThan(5);
  const killed = once(learn.process, "exit");
  learn.process.kill("SIGKILL");
  await killed;
  expect((await ledger.training.job(job))?.state).toBe("running");
  learn = await start("learn", Number(new URL(learn.url).port));
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

  // It has earned its place.
  expect([ended?.reason, await ledger.alias("champion")]).toEqual([null, "v1"]);
  const told = await mrdata(["jobs", "--home", home]);
  expect(told.stdout).toContain(`${job}  made v1`);
});

const ENDPOINT_ID = "1234567890";
const place = { project: "night-watch", region: "europe-west1" };

/** Vertex AI with this version deployed on an endpoint, whose container scores as `scores` says. */
async function hostedVersion(files: ReadonlyMap<string, Uint8Array>, scores: VertexDouble["scores"]) {
  const double = await startVertexDouble("of-mrdata");
  onTestFinished(() => double.close());
  double.scores = scores;
  const options = { ...place, baseUrl: double.url, authorization: async () => "Bearer of-mrdata" };
  const bst = Buffer.from(files.get("model.bst") ?? []);
  const version = await createVertex(options).upload({
    modelId: "mrdata",
    displayName: "Mr Data",
    description: "",
    artifactUri: "gs://mrdata-models/v1/",
    imageUri: "us-docker.pkg.dev/vertex-ai/prediction/xgboost-cpu.2-1:latest",
    content: "v1",
    labels: {},
  });
  await createDeclaredDeployment(createDeployments(options), {
    ...place,
    endpointId: ENDPOINT_ID,
    deployedModelId: deployedModelIdOf(createHash("sha256").update(bst).digest("hex")),
    model: `${version.name}@${version.version}`,
    displayName: "v1",
    machineType: "e2-standard-2",
    features: 1,
  });
  return double;
}

test("a night with an endpoint: both hold, another number pages a person at once, and killed in the middle it delays nobody", async () => {
  const home = mkdtempSync(join(tmpdir(), "mrdata-hosted-"));
  const files = localFiles(home);
  const version = sureVersion(Date.now() - DAY_MS);
  const double = await hostedVersion(version, (rows) => rows.map(() => 0.97));
  const ledger = createLedger(openEmbeddedStore({ file: files.ledger, indexes: allIndexes }));
  await openEmbeddedModels({ dir: files.models }).publish("v1", version);
  await ledger.promote("v1");
  await ledger.saveSettings({ ...holdingOn(SERVICE, "PPOLICY"), caps: { service: 60, all: 60 } });
  const live = await livePagerDuty(smallAccount());
  const [archive] = await bundleFunctions(join(home, "archives"), ["respond"]);
  const respond = await startFunction(archive?.folder ?? "", "respond", {
    MRDATA_TARGET: `local:${home}`,
    MRDATA_WINDOW: "5m",
    MRDATA_BOT_USER: BOT.id,
    MRDATA_FROM: BOT.email,
    MRDATA_PAGERDUTY_URL: live.url,
    MRDATA_PAGERDUTY_TOKEN: TOKEN,
    MRDATA_ENDPOINT: `projects/${place.project}/locations/${place.region}/endpoints/${ENDPOINT_ID}`,
    MRDATA_VERTEX_URL: double.url,
    GOOGLE_OAUTH_ACCESS_TOKEN: "of-mrdata",
  });
  onTestFinished(async () => {
    await respond.stop();
    await ledger.close();
    rmSync(home, { recursive: true, force: true });
  });
  /** What is stored of an incident that opens now, and who has it. */
  const opens = async (title: string) => {
    const { incident } = live.pagerduty.trigger({ serviceId: SERVICE, dedupKey: title, title });
    if (incident === null) throw new Error("no incident was opened");
    const told = {
      type: "triggered",
      incident,
      at: Date.now(),
      title,
      service: SERVICE,
      assignees: [BOT.id],
    };
    const pushed = await fetch(respond.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: writePushEnvelope({
        data: bytesOf(webhook(told)),
        attributes: {},
        messageId: incident,
        orderingKey: "",
        publishTime: Date.now(),
        subscription: "any",
        deliveryAttempt: 1,
      }),
    });
    expect(pushed.status, respond.output()).toBe(204);
    const stored = await ledger.prediction(incident);
    return { stored, assignees: live.pagerduty.incident(incident).assignees };
  };
  /** Until the endpoint's answer counts: on a busy machine, and in a process that has just started, half a second may be over. */
  const opensUntilHeard = async (title: string) => {
    for (let i = 1; ; i++) {
      const opened = await opens(`${title} ${"again ".repeat(i)}`);
      if (opened.stored?.scoredBy === "both" || i === 20) return opened;
      // Then the score of the process counts.
      expect(opened).toMatchObject({ stored: { decision: "hold", scoredBy: "process" } });
    }
  };

  expect(await opensUntilHeard("Queue lags")).toMatchObject({
    stored: { decision: "hold", model: "v1", scoredBy: "both" },
    assignees: [BOT.id],
  });
  expect(double.calls.at(-1)).toMatch(/endpoints\/1234567890:predict$/);

  double.scores = (rows) => rows.map(() => 0.971);
  expect(await opensUntilHeard("Cache misses")).toMatchObject({
    stored: { decision: "page", decidedBy: "endpoint", taken: { action: "paged" } },
    assignees: [ROBIN],
  });
  expect(respond.output()).toContain('"event":"endpoint.differs"');

  await double.close();
  const alone = await opens("Certificate is renewed");
  expect(alone).toMatchObject({
    stored: { decision: "hold", scoredBy: "process" },
    assignees: [BOT.id],
  });
  expect(respond.output()).not.toContain("of-mrdata");
});
