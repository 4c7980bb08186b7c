import { openGoogleModels } from "@mrdata/platform/google";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type StorageServer, startStorageServer } from "../emulators/storage-server.ts";

let server: StorageServer;
beforeEach(async () => {
  server = await startStorageServer();
});
afterEach(() => server.stop());

const open = () => openGoogleModels({ bucket: "models", apiEndpoint: server.endpoint });
const files = (text: string) =>
  new Map<string, Uint8Array>([
    ["model.bst", Buffer.from(text)],
    ["card.json", Buffer.from(`{"of":"${text}"}`)],
  ]);
const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());

test("a version whose publisher died is not there, and the next publisher writes over it", async () => {
  server.onWrite = (name) => (name.endsWith("/.complete") ? 403 : null);
  await expect(open().publish("v1", files("first"))).rejects.toThrow();
  expect([...server.objects.keys()]).toContain("v1/model.bst");
  expect(await open().versions()).toEqual([]);
  expect(await open().read("v1", "model.bst")).toBeNull();

  server.onWrite = () => null;
  await open().publish("v1", files("second"));
  expect(textOf(await open().read("v1", "model.bst"))).toBe("second");
});

test("of two publishers at once one wins, and what is read is all the winner's", async () => {
  for (let round = 1; round <= 10; round++) {
    const version = `v${round}`;
    const outcomes = await Promise.allSettled([
      open().publish(version, files("left")),
      open().publish(version, files("right")),
    ]);
    const won = outcomes.filter((outcome) => outcome.status === "fulfilled");
    expect(won.length).toBeLessThanOrEqual(1);
    if (won.length === 0) continue;
    const side = outcomes[0]?.status === "fulfilled" ? "left" : "right";
    expect(textOf(await open().read(version, "model.bst"))).toBe(side);
    expect(textOf(await open().read(version, "card.json"))).toBe(`{"of":"${side}"}`);
  }
});

test("a publication whose last answer was lost has succeeded all the same", async () => {
  server.onWrite = (name) => {
    if (!name.endsWith("/.complete")) return null;
    server.onWrite = () => null;
    return "lost";
  };
  await open().publish("v1", files("once"));
  expect(await open().versions()).toEqual(["v1"]);
});

test("a file that is not what was published is an error, never a model", async () => {
  await open().publish("v1", files("good"));
  const models = open();
  server.objects.set("v1/model.bst", { bytes: Buffer.from("bad!"), generation: 1 });
  await expect(models.read("v1", "model.bst")).rejects.toThrow(
    "gs://models/v1/model.bst is not what was published",
  );
  server.objects.delete("v1/model.bst");
  await expect(models.read("v1", "model.bst")).rejects.toThrow("gs://models/v1/model.bst is gone");
  expect(textOf(await models.read("v1", "card.json"))).toBe('{"of":"good"}');
});

test("folders that are no versions are left out", async () => {
  server.objects.set("backup/.complete", { bytes: Buffer.from("{}"), generation: 1 });
  server.objects.set("v0/.complete", { bytes: Buffer.from("{}"), generation: 1 });
  server.objects.set("v1/deep/.complete", { bytes: Buffer.from("{}"), generation: 1 });
  expect(await open().versions()).toEqual([]);
});
