import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, score } from "@mrdata/forest";
import {
  featureTable,
  readVersion,
  trainLearner,
  trainVersion,
  usualRule,
  writeVersion,
} from "@mrdata/learning";
import { asksEndpoint, type EndpointAnswer, learnedPredictor, withSecondOpinion } from "@mrdata/responder";
import { createEndpoint, deployedModelIdOf, readModelFolder } from "@mrdata/vertex";
import { afterAll, beforeAll, expect, onTestFinished, type TestContext, test } from "vitest";
import { z } from "zod";
import { aPrediction } from "../support/predictions.ts";
import { somePast } from "../support/trained-version.ts";
import { type Fault, startFront } from "./container/front.ts";

/** With the xgboost of Vertex AI's prebuilt container. */
const PYTHON = process.env.MRDATA_PYTHON_VERTEX ?? join(import.meta.dirname, "../../.venv-vertex/bin/python");
const ROWS = 10_000;
/** So many rows fit into one request of an endpoint. */
const AT_ONCE = 1_000;
const NEAR = 1e-6;
const MINUTE = 60_000;
const answer = z.object({ predictions: z.array(z.number()).default([]) });

type Version = Awaited<ReturnType<typeof readVersion>>;
type Served = {
  readonly version: Version;
  readonly model: Version["model"];
  /** Of the container itself. */
  readonly url: string;
  readonly predict: (instances: unknown) => Promise<{ status: number; predictions: readonly number[] }>;
};
let served: Served | null = null;
const ends: (() => void)[] = [];
afterAll(() => {
  for (const end of ends) end();
});

/** Serves the folder of a version as it is uploaded: with boosting, whose trees are the deepest that are ever served. */
beforeAll(async () => {
  if (!existsSync(PYTHON)) return;
  const now = Date.parse("2026-03-01T00:00:00Z");
  const how = { windowMs: 5 * MINUTE, refits: 1, seed: 1, trees: 5, rule: usualRule, now };
  const version = await trainVersion(somePast(now), how);
  const { columns, labels } = version.backtest.replay;
  const boosted = await trainLearner("boosting", { columns, labels }, { seed: 1, trees: 5, rough: true });
  const files = writeVersion({ ...version, model: boosted }, () => "<!doctype html>");
  const folder = mkdtempSync(join(tmpdir(), "mrdata-container-"));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  await readModelFolder(folder);
  const server = spawn(PYTHON, ["-W", "ignore", join(import.meta.dirname, "container/serve.py")], {
    env: {
      ...process.env,
      AIP_STORAGE_URI: folder,
      AIP_HTTP_PORT: "0",
      AIP_HEALTH_ROUTE: "/health",
      AIP_PREDICT_ROUTE: "/predict",
      OMP_NUM_THREADS: "1",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  ends.push(() => server.kill());
  const [first] = await once(server.stdout, "data");
  const url = `http://127.0.0.1:${Number(String(first))}`;
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const read = await readVersion(async (file) => files.get(file) ?? null);
  served = {
    version: read,
    model: read.model,
    url,
    async predict(instances) {
      const answered = await fetch(`${url}/predict`, { method: "POST", body: JSON.stringify({ instances }) });
      return { status: answered.status, ...answer.parse(await answered.json()) };
    },
  };
});

function servedOr(context: TestContext): Served {
  if (served === null)
    return context.skip(`${PYTHON} is missing (xgboost 2.1); to have it run: npm run python`);
  return served;
}

/** Missing is null in JSON. */
const instance = (row: Float32Array) => Array.from(row, (value) => (Number.isNaN(value) ? null : value));

test("the folder that is uploaded answers in the prebuilt container's xgboost as it is scored in process, whatever is missing", async (context) => {
  const { model, predict } = servedOr(context);
  const random = createRandom(7);
  // From all there to all missing.
  const rows = Array.from({ length: ROWS }, (_, i) =>
    Float32Array.from({ length: model.features }, () =>
      random.next() < (i % 11) / 10 ? Number.NaN : 4 * random.next() - 1,
    ),
  );
  const own = rows.map((row) => score(model, row));
  let farthest = 0;
  for (let from = 0; from < ROWS; from += AT_ONCE) {
    const { status, predictions } = await predict(rows.slice(from, from + AT_ONCE).map(instance));
    expect(status).toBe(200);
    expect(predictions).toHaveLength(AT_ONCE);
    for (const [i, one] of predictions.entries())
      farthest = Math.max(farthest, Math.abs(one - (own[from + i] ?? Number.NaN)));
  }
  expect(farthest).toBeLessThan(NEAR);
  expect(new Set(own.map((one) => one.toFixed(6))).size).toBeGreaterThan(100);
});

test("a row that is too wide is refused; one that is too narrow is answered, as if the rest were missing: whoever asks has to look", async (context) => {
  const { model, predict } = servedOr(context);
  const wide = Array.from({ length: model.features + 1 }, () => 0.5);
  expect((await predict([wide])).status).toBe(400);
  const narrow = Float32Array.from({ length: model.features }, (_, k) => (k < 3 ? 0.5 : Number.NaN));
  const { status, predictions } = await predict([[0.5, 0.5, 0.5]]);
  expect(status).toBe(200);
  expect(predictions[0]).toBeCloseTo(score(model, narrow), 6);
  expect((await predict("nothing")).status).toBe(400);
});

const ENDPOINT = "projects/night-watch/locations/europe-west1/endpoints/1234567890";

/** The endpoint in front of the container, and what becomes of a would-be hold that it is asked about. */
async function hosted({ version, url }: Served) {
  const { served } = learnedPredictor("v1", version);
  if (served === undefined) throw new Error("the version names no model");
  const front = await startFront({
    container: url,
    name: ENDPOINT,
    deployedModelId: deployedModelIdOf(served.modelSha256),
  });
  onTestFinished(() => front.close());
  const endpoint = createEndpoint({
    name: ENDPOINT,
    baseUrl: front.url,
    authorization: async () => "Bearer of-mrdata",
  });
  const features = Object.fromEntries(
    featureTable(version.details).map(({ name }, i) => [name, i % 3 === 0 ? null : i / 10]),
  );
  const hold = { ...aPrediction({ incident: "P0" }), features };
  expect(asksEndpoint(hold)).toBe(true);
  return {
    front,
    async decide() {
      const said: EndpointAnswer = await endpoint.ask({
        instance: served.instance(features),
        modelSha256: served.modelSha256,
      });
      // Whatever the score is, it is enough.
      return { said, ...withSecondOpinion(hold, { threshold: 0, served }, said) };
    },
  };
}

test("asked about a would-be hold, the container behind an endpoint agrees with the process, as whoever may ask it", async (context) => {
  const { front, decide } = await hosted(servedOr(context));
  const { prediction, differs } = await decide();
  expect(differs).toBeNull();
  expect(prediction).toMatchObject({ decision: "hold", scoredBy: "both" });
  expect(front.seen).toEqual(["Bearer of-mrdata"]);
});

test.for<[Fault, EndpointAnswer["kind"]]>([
  ["two numbers", "shape"],
  ["a word", "shape"],
  ["not JSON", "shape"],
  ["slow", "late"],
  ["429", "away"],
  ["503", "away"],
  ["half an answer", "away"],
  ["reset", "away"],
  ["another version", "version"],
  ["away", "away"],
])("%s: the score of the process counts, within half a second", async ([fault, kind], context) => {
  const { front, decide } = await hosted(servedOr(context));
  front.fault = fault;
  if (fault === "away") await front.close();
  const { said, prediction, differs } = await decide();
  expect(said.kind).toBe(kind);
  expect(differs).toBeNull();
  expect(prediction).toMatchObject({ decision: "hold", scoredBy: "process" });
});

test("another number pages", async (context) => {
  const { front, decide } = await hosted(servedOr(context));
  front.fault = "another number";
  const { prediction, differs } = await decide();
  expect(prediction).toMatchObject({ decision: "page", decidedBy: "endpoint" });
  expect(differs?.own).not.toBe(differs?.endpoint);
});
