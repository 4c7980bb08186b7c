import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedHistory } from "@mrdata/platform/embedded";
import { openGoogleHistory } from "@mrdata/platform/google";
import { describe, expect, onTestFinished, test } from "vitest";
import { startStorageServer } from "../emulators/storage-server.ts";

/** History files somewhere, and a way to write one as people do. */
const places = {
  async embedded() {
    const dir = mkdtempSync(join(tmpdir(), "mrdata-history-"));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const put = (name: string, text: string) => {
      mkdirSync(join(dir, name, ".."), { recursive: true });
      writeFileSync(join(dir, name), text);
    };
    return { files: openEmbeddedHistory({ dir }), put };
  },
  async google() {
    const server = await startStorageServer();
    onTestFinished(() => server.stop());
    let generation = 1_700_000_000_000_000;
    const put = (name: string, text: string) => {
      server.objects.set(name, {
        bytes: Buffer.from(text),
        generation: ++generation,
        metadata: { "written-by": "sre@example.com" },
      });
    };
    return { files: openGoogleHistory({ bucket: "history", apiEndpoint: server.endpoint }), put };
  },
};

describe.each(Object.entries(places))("history files (%s)", (_, open) => {
  test("are listed by name with their generations, and one is read as it was listed or not at all", async () => {
    const { files, put } = await open();
    expect(await files.list()).toEqual([]);
    put("b.csv", "second");
    put("2026/a.csv", "first");
    const listed = await files.list();
    expect(listed.map(({ name, bytes }) => [name, bytes])).toEqual([
      ["2026/a.csv", 5],
      ["b.csv", 6],
    ]);
    const [first] = listed;
    if (first === undefined) throw new Error("nothing was listed");
    expect(first.writtenBy).toMatch(/sre@example\.com|user \d+/);
    expect(Buffer.from((await files.read(first)) ?? []).toString()).toBe("first");
    put("2026/a.csv", "another");
    expect(await files.read(first)).toBeNull();
    const [again] = await files.list();
    expect(again?.generation).not.toBe(first.generation);
    expect(await files.read({ name: "gone.csv", generation: "1" })).toBeNull();
  });
});

test("who wrote an object is its owner where the bucket keeps one, whatever the writer said; else nobody is known", async () => {
  const server = await startStorageServer();
  onTestFinished(() => server.stop());
  const bytes = Buffer.from("x");
  server.objects.set("a", {
    bytes,
    generation: 1,
    owner: { entity: "user-ada@example.com" },
    metadata: { "written-by": "eve" },
  });
  server.objects.set("b", { bytes, generation: 2 });
  server.objects.set("folder/", { bytes: Buffer.alloc(0), generation: 3 });
  const listed = await openGoogleHistory({ bucket: "history", apiEndpoint: server.endpoint }).list();
  expect(listed.map(({ name, writtenBy }) => [name, writtenBy])).toEqual([
    ["a", "user-ada@example.com"],
    ["b", null],
  ]);
});
