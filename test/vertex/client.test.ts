import {
  createVertex,
  OperationError,
  type Upload,
  type Vertex,
  VertexError,
  type VertexOptions,
} from "@mrdata/vertex";
import { expect, onTestFinished, test } from "vitest";
import { startVertexDouble, type VertexDouble } from "./double/server.ts";

const TOKEN = "a-token-that-nobody-may-see";

const upload = (content = "a"): Upload => ({
  modelId: "mrdata",
  displayName: "Mr Data",
  description: "",
  artifactUri: `gs://mrdata-models/${content}/`,
  imageUri: "europe-docker.pkg.dev/vertex-ai/prediction/xgboost-cpu.2-1:latest",
  content,
  labels: { app: "mrdata" },
});

async function start(
  options: Partial<VertexOptions> = {},
): Promise<{ readonly double: VertexDouble; readonly vertex: Vertex; readonly waits: number[] }> {
  const double = await startVertexDouble(TOKEN);
  onTestFinished(() => double.close());
  const waits: number[] = [];
  let now = 1_800_000_000_000;
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
  const vertex = createVertex({
    project: "night-watch",
    region: "europe-west1",
    baseUrl: double.url,
    authorization: async () => `Bearer ${TOKEN}`,
    clock,
    random: () => 0.5,
    ...options,
  });
  return { double, vertex, waits };
}

const uploads = ({ calls }: VertexDouble) => calls.filter((call) => call.endsWith("models:upload")).length;

test("the first upload makes the model, the next a version of it; the same again makes none", async () => {
  const { double, vertex } = await start();
  expect(await vertex.model("mrdata")).toBeNull();
  expect(await vertex.upload(upload("a"))).toMatchObject({ version: "1", aliases: ["default"] });
  expect(await vertex.upload(upload("b"))).toMatchObject({ version: "2", aliases: [] });
  expect(await vertex.upload(upload("a"))).toMatchObject({ version: "1" });
  expect(await vertex.upload({ ...upload("b"), imageUri: "us-docker.pkg.dev/own/image:1" })).toMatchObject({
    version: "3",
  });
  expect(uploads(double)).toBe(3);
  // Over more than one page of the double's.
  expect((await vertex.versions("mrdata")).map(({ version }) => version)).toEqual(["1", "2", "3"]);
});

test("an upload whose answer is lost is found again, the first one and a later one", async () => {
  const { double, vertex } = await start();
  double.looksNeeded = 3;
  for (const content of ["a", "b"]) {
    double.faults.plan(/models:upload$/, { kind: "lose-answer" });
    expect((await vertex.upload(upload(content))).artifactUri).toContain(`/${content}/`);
  }
  expect(double.registry.versions("mrdata")).toHaveLength(2);
});

test("an upload that a crashed run left under way is waited for and taken over", async () => {
  const { double, vertex } = await start();
  double.looksNeeded = 1_000;
  const crashed = await start({ baseUrl: double.url, operationDeadline: 60_000 });
  for (const content of ["a", "b"]) {
    await expect(crashed.vertex.upload(upload(content))).rejects.toThrow("has not ended within 60 s");
    double.looksNeeded = 1;
    expect((await vertex.upload(upload(content))).artifactUri).toContain(`/${content}/`);
    double.looksNeeded = 1_000;
  }
  expect(uploads(double)).toBe(2);
});

test.each([
  [429, "RESOURCE_EXHAUSTED"],
  [500, "INTERNAL"],
  [503, "UNAVAILABLE"],
  [409, "ABORTED"],
])("%i %s is tried again with growing waits that carry jitter", async (status, reason) => {
  const { double, vertex, waits } = await start();
  double.faults.plan(/models:upload$/, { kind: "refuse", status, reason }, 3);
  await vertex.upload(upload());
  expect(waits.slice(0, 3)).toEqual([500, 1_000, 2_000]);
  expect(uploads(double)).toBe(4);
});

test("Retry-After is honoured, in seconds and as a date, with jitter on top", async () => {
  const { double, vertex, waits } = await start();
  const at = new Date(1_800_000_000_000 + 27_000).toUTCString();
  for (const retryAfter of ["7", at])
    double.faults.plan(/GET .*mrdata$/, {
      kind: "refuse",
      status: 429,
      reason: "RESOURCE_EXHAUSTED",
      retryAfter,
    });
  await vertex.model("mrdata");
  expect(waits).toEqual([7_250, 27_000 - 7_250 + 250]);
});

test("no retry starts after the deadline, and the error says what Google said", async () => {
  const { double, vertex, waits } = await start({ callDeadline: 10_000 });
  double.faults.plan(/.*/, { kind: "refuse", status: 503, reason: "UNAVAILABLE" }, 1_000);
  const error = await vertex.model("mrdata").catch((error: unknown) => error);
  expect(error).toBeInstanceOf(VertexError);
  expect(error).toMatchObject({ status: 503, reason: "UNAVAILABLE" });
  expect(String(error)).toContain(
    "GET projects/night-watch/locations/europe-west1/models/mrdata with 503 UNAVAILABLE",
  );
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(10_000);
});

test("a refusal that will stay one is not tried again", async () => {
  const { double, vertex } = await start();
  double.faults.plan(/.*/, { kind: "refuse", status: 403, reason: "PERMISSION_DENIED" }, 1_000);
  await expect(vertex.model("mrdata")).rejects.toThrow("403 PERMISSION_DENIED");
  expect(double.calls).toHaveLength(1);
});

test("a page of a proxy and a server that is not there are told as such", async () => {
  const { double, vertex } = await start({ callDeadline: 0 });
  double.faults.plan(/.*/, { kind: "html", status: 502 });
  await expect(vertex.model("mrdata")).rejects.toThrow(/answered GET \S+ with 502$/);
  const { vertex: nobody } = await start({ baseUrl: "http://127.0.0.1:9", callDeadline: 0 });
  await expect(nobody.model("mrdata")).rejects.toThrow(/did not answer GET/);
});

test("an operation that fails says why, and the next run uploads anew", async () => {
  const { double, vertex } = await start();
  double.faults.plan(/models:upload$/, { kind: "operation", fate: "fails" });
  const error = await vertex.upload(upload()).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(OperationError);
  expect(String(error)).toContain("failed: Internal error while the model was copied. (code 13)");
  expect((await vertex.upload(upload())).version).toBe("1");
});

test("an operation that never ends is given up at the deadline, with growing waits between the looks", async () => {
  const { double, vertex, waits } = await start({ operationDeadline: 120_000 });
  double.faults.plan(/models:upload$/, { kind: "operation", fate: "never" });
  await expect(vertex.upload(upload())).rejects.toThrow(
    "has not ended within 120 s; it may still end, and the next run finds what it made",
  );
  expect(waits.slice(0, 3)).toEqual([500, 1_000, 2_000]);
  expect(Math.max(...waits)).toBe(10_000);
});

test("aliases move, exactly one version is the default, and Google's refusals to delete are kept", async () => {
  const { vertex } = await start();
  await vertex.upload(upload("a"));
  await expect(vertex.deleteVersion("mrdata", "1")).rejects.toThrow("FAILED_PRECONDITION: The only version");
  await vertex.upload(upload("b"));
  await vertex.mergeAliases("mrdata", "1", ["champion"]);
  await vertex.mergeAliases("mrdata", "2", ["champion", "default"]);
  expect((await vertex.versions("mrdata")).map(({ aliases }) => aliases)).toEqual([
    [],
    ["champion", "default"],
  ]);
  await expect(vertex.deleteVersion("mrdata", "2")).rejects.toThrow("The default version cannot be deleted");
  await expect(vertex.mergeAliases("mrdata", "2", ["-default"])).rejects.toThrow("exactly one default");
  await vertex.mergeAliases("mrdata", "2", ["-champion"]);
  expect((await vertex.version("mrdata", "2"))?.aliases).toEqual(["default"]);
  await vertex.deleteVersion("mrdata", "1");
  expect(await vertex.version("mrdata", "1")).toBeNull();
  await vertex.deleteModel("mrdata");
  await vertex.deleteModel("mrdata");
  expect(await vertex.model("mrdata")).toBeNull();
});

test.each([
  ["a model id with a slash", (vertex: Vertex) => vertex.model("a/b")],
  ["a model id that begins with a digit", (vertex: Vertex) => vertex.model("1a")],
  ["a version that is none", (vertex: Vertex) => vertex.version("mrdata", "v1")],
  ["an alias of one letter", (vertex: Vertex) => vertex.mergeAliases("mrdata", "1", ["v"])],
  ["an alias with an underscore", (vertex: Vertex) => vertex.mergeAliases("mrdata", "1", ["is_champion"])],
])("%s is refused before anything is asked", async (_, call) => {
  const { double, vertex } = await start();
  await expect((async () => call(vertex))()).rejects.toThrow(RangeError);
  expect(double.calls).toEqual([]);
});

test("the token is in no error", async () => {
  const { double, vertex } = await start({ callDeadline: 0 });
  double.faults.plan(/.*/, { kind: "refuse", status: 401, reason: "UNAUTHENTICATED" });
  const error = await vertex.model("mrdata").catch((error: unknown) => error);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(TOKEN);
});
