import {
  createDeclaredModel,
  createDeclaredVersion,
  createVertex,
  type DeclaredInputs,
  deleteDeclaredVersion,
  diffDeclaredModel,
  diffDeclaredVersion,
  readDeclaredModel,
  readDeclaredVersion,
  updateDeclaredModel,
  updateDeclaredVersion,
} from "@mrdata/vertex";
import { expect, onTestFinished, test } from "vitest";
import { startVertexDouble } from "./double/server.ts";

const inputs = (content = "a"): DeclaredInputs => ({
  project: "night-watch",
  region: "europe-west1",
  modelId: "mrdata",
  displayName: "Mr Data",
  description: "lets people sleep",
  artifactUri: `gs://mrdata-models/${content}/`,
  imageUri: "europe-docker.pkg.dev/vertex-ai/prediction/xgboost-cpu.2-1:latest",
  content,
  labels: { app: "mrdata" },
});

async function start() {
  const double = await startVertexDouble();
  onTestFinished(() => double.close());
  const vertex = createVertex({
    project: "night-watch",
    region: "europe-west1",
    baseUrl: double.url,
    authorization: async () => "Bearer any",
    clock: { now: () => 0, sleep: async () => {} },
  });
  return { double, vertex };
}

test("model and version are declared with the same folder and are one upload: version 1, by name v1, the default", async () => {
  const { double, vertex } = await start();
  const model = await createDeclaredModel(vertex, inputs());
  const version = await createDeclaredVersion(vertex, inputs());
  expect(model.outs.name).toBe("projects/night-watch/locations/europe-west1/models/mrdata");
  expect(version).toMatchObject({ id: `${model.outs.name}@1`, outs: { version: "1", alias: "v1" } });
  expect(double.registry.versions("mrdata")).toMatchObject([{ aliases: ["default", "v1"] }]);
  // What was created reads back as it was declared, so that a refresh finds nothing changed.
  expect(await readDeclaredModel(vertex, model.outs)).toEqual(model.outs);
  expect(await readDeclaredVersion(vertex, version.outs)).toEqual(version.outs);
});

test("another folder is a version more, by name v2; going back is declaring the old folder", async () => {
  const { double, vertex } = await start();
  await createDeclaredModel(vertex, inputs("a"));
  await createDeclaredVersion(vertex, inputs("a"));
  expect(diffDeclaredModel(inputs("a"), inputs("b")).changes).toBe(false);
  expect(diffDeclaredVersion(inputs("a"), inputs("b"))).toEqual({
    changes: true,
    replaces: ["content"],
    deleteBeforeReplace: false,
  });
  expect((await createDeclaredVersion(vertex, inputs("b"))).outs.alias).toBe("v2");
  expect(double.registry.versions("mrdata").map(({ aliases }) => aliases)).toEqual([
    ["v1"],
    ["v2", "default"],
  ]);
  expect((await createDeclaredVersion(vertex, inputs("a"))).outs.alias).toBe("v1");
  expect(double.registry.versions("mrdata").map(({ aliases }) => aliases)).toEqual([
    ["v1", "default"],
    ["v2"],
  ]);
});

test("labels and descriptions are changed in place and keep the mark of the content", async () => {
  const { double, vertex } = await start();
  const { outs } = await createDeclaredVersion(vertex, inputs());
  const news = { ...inputs(), displayName: "Mr Data (staging)", labels: { app: "mrdata", stack: "staging" } };
  expect(diffDeclaredModel(inputs(), news)).toMatchObject({ changes: true, replaces: [] });
  await updateDeclaredModel(vertex, news);
  await updateDeclaredVersion(vertex, outs, news);
  expect(await vertex.model("mrdata")).toMatchObject({ displayName: "Mr Data (staging)" });
  await createDeclaredVersion(vertex, news);
  expect(double.registry.versions("mrdata")).toHaveLength(1);
  expect(
    diffDeclaredVersion(
      { ...inputs(), labels: { a: "1", b: "2" } },
      { ...inputs(), labels: { b: "2", a: "1" } },
    ),
  ).toMatchObject({ changes: false });
});

test("a version is deleted with the default moved to the newest that is left; the last one stays for its model", async () => {
  const { double, vertex } = await start();
  const first = await createDeclaredVersion(vertex, inputs("a"));
  const second = await createDeclaredVersion(vertex, inputs("b"));
  await deleteDeclaredVersion(vertex, second.outs);
  expect(double.registry.versions("mrdata")).toMatchObject([{ id: "1", aliases: ["v1", "default"] }]);
  await deleteDeclaredVersion(vertex, first.outs);
  expect(double.registry.versions("mrdata")).toHaveLength(1);
  await deleteDeclaredVersion(vertex, second.outs);
});

test("what is gone reads as gone, and an update of it says what to do", async () => {
  const { vertex } = await start();
  const model = await createDeclaredModel(vertex, inputs());
  const version = await createDeclaredVersion(vertex, inputs());
  await vertex.deleteModel("mrdata");
  expect(await readDeclaredModel(vertex, model.outs)).toBeNull();
  expect(await readDeclaredVersion(vertex, version.outs)).toBeNull();
  await expect(updateDeclaredModel(vertex, inputs())).rejects.toThrow("pulumi refresh");
  await expect(updateDeclaredVersion(vertex, version.outs, inputs())).rejects.toThrow("pulumi refresh");
});

test("of several declared versions the last is the default, under the names that they were given", async () => {
  const { double, vertex } = await start();
  const first = { ...inputs("a"), alias: "v3", isDefault: false };
  await createDeclaredModel(vertex, first);
  const { outs } = await createDeclaredVersion(vertex, first);
  await createDeclaredVersion(vertex, { ...inputs("b"), alias: "v4" });
  expect(double.registry.versions("mrdata").map(({ aliases }) => aliases)).toEqual([
    ["v3"],
    ["v4", "default"],
  ]);
  const renamed = { ...first, alias: "v5", isDefault: true };
  expect(diffDeclaredVersion(outs, renamed)).toMatchObject({ changes: true, replaces: [] });
  await updateDeclaredVersion(vertex, outs, renamed);
  expect(double.registry.versions("mrdata").map(({ aliases }) => aliases)).toEqual([
    ["v5", "default"],
    ["v4"],
  ]);
});
