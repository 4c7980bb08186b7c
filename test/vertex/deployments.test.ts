import {
  createDeclaredDeployment,
  createDeployments,
  createVertex,
  type DeploymentInputs,
  deployedModelIdOf,
  diffDeclaredDeployment,
  readDeclaredDeployment,
} from "@mrdata/vertex";
import { expect, onTestFinished, test } from "vitest";
import { startVertexDouble } from "./double/server.ts";

const place = { project: "night-watch", region: "europe-west1" };
const ENDPOINT = "projects/night-watch/locations/europe-west1/endpoints/1234567890";
const MODEL = "projects/night-watch/locations/europe-west1/models/mrdata";
const sha = (letter: string) => letter.repeat(64);

const inputs = (version = "1", bytes = "a"): DeploymentInputs => ({
  ...place,
  endpointId: "1234567890",
  deployedModelId: deployedModelIdOf(sha(bytes)),
  model: `${MODEL}@${version}`,
  displayName: `v${version}`,
  machineType: "e2-standard-2",
  features: 3,
});

/** A registry with two versions, and an endpoint that is there. */
async function start() {
  const double = await startVertexDouble();
  onTestFinished(() => double.close());
  const options = {
    ...place,
    baseUrl: double.url,
    authorization: async () => "Bearer any",
    clock: { now: () => 0, sleep: async () => {} },
  };
  const vertex = createVertex(options);
  for (const content of ["a", "b"])
    await vertex.upload({
      modelId: "mrdata",
      displayName: "Mr Data",
      description: "",
      artifactUri: `gs://mrdata-models/${content}/`,
      imageUri: "us-docker.pkg.dev/vertex-ai/prediction/xgboost-cpu.2-1:latest",
      content,
      labels: {},
    });
  return { double, deployments: createDeployments(options) };
}
const deployed = async ({ deployments }: Awaited<ReturnType<typeof start>>) =>
  deployments.endpoint("1234567890");

test("a version is deployed once with all traffic, asked, and read back as declared", async () => {
  const on = await start();
  const { id, outs } = await createDeclaredDeployment(on.deployments, inputs());
  expect(id).toBe(`${ENDPOINT}/deployedModels/${deployedModelIdOf(sha("a"))}`);
  expect(await createDeclaredDeployment(on.deployments, inputs())).toEqual({ id, outs });
  expect(on.double.calls.filter((call) => call.endsWith(":deployModel"))).toHaveLength(1);
  expect(on.double.calls.filter((call) => call.endsWith(":predict"))).toHaveLength(2);
  expect(await readDeclaredDeployment(on.deployments, outs)).toEqual(outs);
  expect(diffDeclaredDeployment(outs, inputs())).toMatchObject({ changes: false });
});

test("another model comes beside it and takes the traffic, and only then the first goes; the same model made otherwise goes first", async () => {
  const on = await start();
  const { outs } = await createDeclaredDeployment(on.deployments, inputs("1", "a"));
  expect(diffDeclaredDeployment(outs, inputs("2", "b"))).toMatchObject({
    changes: true,
    deleteBeforeReplace: false,
  });
  expect(diffDeclaredDeployment(outs, { ...inputs(), machineType: "e2-standard-4" })).toEqual({
    changes: true,
    replaces: ["machineType"],
    deleteBeforeReplace: true,
  });
  await createDeclaredDeployment(on.deployments, inputs("2", "b"));
  expect(await deployed(on)).toMatchObject({
    deployedModels: [{ modelVersionId: "1" }, { modelVersionId: "2" }],
    trafficSplit: { [deployedModelIdOf(sha("b"))]: 100 },
  });
  await on.deployments.undeploy("1234567890", outs.deployedModelId);
  expect((await deployed(on))?.deployedModels).toMatchObject([{ modelVersionId: "2" }]);
  await on.deployments.undeploy("1234567890", outs.deployedModelId);
});

test("what has traffic gives it to the other before it goes; the last one goes with its own", async () => {
  const on = await start();
  await createDeclaredDeployment(on.deployments, inputs("1", "a"));
  await createDeclaredDeployment(on.deployments, inputs("2", "b"));
  await on.deployments.undeploy("1234567890", deployedModelIdOf(sha("b")));
  expect(await deployed(on)).toMatchObject({ trafficSplit: { [deployedModelIdOf(sha("a"))]: 100 } });
  await on.deployments.undeploy("1234567890", deployedModelIdOf(sha("a")));
  expect(await deployed(on)).toEqual({ deployedModels: [], trafficSplit: {} });
});

test("traffic that somebody took away is seen by a refresh, and given back", async () => {
  const on = await start();
  await createDeclaredDeployment(on.deployments, inputs("1", "a"));
  const { outs } = await createDeclaredDeployment(on.deployments, inputs("2", "b"));
  const first = deployedModelIdOf(sha("a"));
  on.double.endpoints.call(ENDPOINT, "PATCH ", {
    body: { trafficSplit: { [first]: 100 } },
    mask: "trafficSplit",
    fate: "done",
  });
  const seen = await readDeclaredDeployment(on.deployments, outs);
  expect(seen).toMatchObject({ traffic: 0 });
  expect(diffDeclaredDeployment(seen ?? outs, inputs("2", "b"))).toMatchObject({
    changes: true,
    replaces: [],
  });
  await createDeclaredDeployment(on.deployments, inputs("2", "b"));
  expect(await deployed(on)).toMatchObject({ trafficSplit: { [outs.deployedModelId]: 100 } });
});

test("a deployment whose answer is lost, or that a killed run left, is found and not begun again", async () => {
  const on = await start();
  on.double.looksNeeded = 3;
  on.double.faults.plan(/:deployModel$/, { kind: "lose-answer" });
  await createDeclaredDeployment(on.deployments, inputs());
  expect(on.double.calls.filter((call) => call.endsWith(":deployModel"))).toHaveLength(1);
  expect((await deployed(on))?.deployedModels).toHaveLength(1);
});

test.each([
  ["two numbers", () => [0.5, 0.5], "is not one number"],
  ["words", () => ["0.5"], "is not one number"],
])("a container that answers one row with %s ends in a sentence", async (_, scores, sentence) => {
  const on = await start();
  on.double.scores = scores;
  await expect(createDeclaredDeployment(on.deployments, inputs())).rejects.toThrow(sentence);
});

test("a deployment that fails, an endpoint that is away, and one that is gone end in sentences", async () => {
  const on = await start();
  on.double.faults.plan(/:deployModel$/, { kind: "operation", fate: "fails" });
  await expect(createDeclaredDeployment(on.deployments, inputs())).rejects.toThrow("failed: Internal error");
  on.double.faults.plan(/:predict$/, { kind: "refuse", status: 403, reason: "PERMISSION_DENIED" });
  await expect(createDeclaredDeployment(on.deployments, inputs())).rejects.toThrow(
    "the endpoint 1234567890 does not answer with it",
  );
  on.double.endpointExists = () => false;
  expect(await deployed(on)).toBeNull();
  await on.deployments.undeploy("1234567890", "1");
  await expect(createDeclaredDeployment(on.deployments, inputs())).rejects.toThrow("404 NOT_FOUND");
});
