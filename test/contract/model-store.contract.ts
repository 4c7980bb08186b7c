import type { ModelStore } from "@mrdata/platform";
import { describe, expect } from "vitest";
import { type Adapter, testOf } from "./adapter.ts";

/** What training and serving rely on, of wherever model versions are kept. `open` gives an empty store. */
export function modelStoreContract(adapter: Adapter<ModelStore>): void {
  const test = testOf(adapter);
  const files = (text: string) =>
    new Map<string, Uint8Array>([
      ["model.bst", Buffer.from(text)],
      ["card.json", Buffer.from("{}")],
    ]);

  describe(`model versions (${adapter.name})`, () => {
    test("are read as they were published, byte by byte", async () => {
      const models = await adapter.open();
      expect(await models.versions()).toEqual([]);
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      await models.publish("v1", new Map([["model.bst", bytes]]));
      await models.publish("v2", files("two"));
      expect([...(await models.versions())].sort()).toEqual(["v1", "v2"]);
      expect(Buffer.from((await models.read("v1", "model.bst")) ?? [])).toEqual(bytes);
      expect(Buffer.from((await models.read("v2", "model.bst")) ?? []).toString()).toBe("two");
    });

    test("that do not exist, and files that they do not have, are null", async () => {
      const models = await adapter.open();
      await models.publish("v1", files("one"));
      expect(await models.read("v9", "model.bst")).toBeNull();
      expect(await models.read("v1", "card.html")).toBeNull();
      expect(await models.read("v1", "../v1/model.bst")).toBeNull();
      expect(await models.read("..", "model.bst")).toBeNull();
    });

    test("are taken away whole, and one that is not there is nothing", async () => {
      const models = await adapter.open();
      await models.publish("v1", files("one"));
      await models.publish("v11", files("eleven"));
      for (const name of ["v1", "v1", "../v11"]) await models.remove?.(name);
      expect(await models.versions()).toEqual(["v11"]);
      expect(await models.read("v1", "model.bst")).toBeNull();
      expect(Buffer.from((await models.read("v11", "model.bst")) ?? []).toString()).toBe("eleven");
    });

    test("are never overwritten", async () => {
      const models = await adapter.open();
      await models.publish("v1", files("first"));
      await expect(models.publish("v1", files("second"))).rejects.toThrow("v1 exists already");
      expect(Buffer.from((await models.read("v1", "model.bst")) ?? []).toString()).toBe("first");
    });

    test("with names that are none, or without files, are refused", async () => {
      const models = await adapter.open();
      await expect(models.publish("latest", files("x"))).rejects.toThrow("'latest' is not a model version");
      await expect(models.publish("v0", files("x"))).rejects.toThrow(RangeError);
      await expect(models.publish("v1", new Map([["../x", Buffer.from("x")]]))).rejects.toThrow(
        "cannot be a file",
      );
      await expect(models.publish("v1", new Map())).rejects.toThrow("has no files");
      expect(await models.versions()).toEqual([]);
    });
  });
}
