import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readModelFolder } from "./model-folder.ts";

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-model-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
const whole = { "card.json": "{}", "model.bst": "{}", "pages/card.html": "<p>" };

test("a folder is read as its sorted files, their size, and one hash of names and bytes", () => {
  const folder = readModelFolder(folderWith(whole));
  expect(folder).toMatchObject({ files: ["card.json", "model.bst", "pages/card.html"], bytes: 7 });
  expect(readModelFolder(folderWith(whole)).content).toBe(folder.content);
  for (const other of [
    { ...whole, "card.json": "[]" },
    { "card.json": "{}", "model.bst": "{}", "pages/page.html": "<p>" },
    { ...whole, "card.json": "", "model.bst": "{}{}" },
  ])
    expect(readModelFolder(folderWith(other)).content).not.toBe(folder.content);
});

test.each([
  ["is not there", () => "/nowhere/model"],
  ["has no card.json", () => folderWith({ "model.bst": "{}" })],
  ["has no model.bst", () => folderWith({ "card.json": "{}" })],
])("a folder that %s is refused", (problem, folder) => {
  expect(() => readModelFolder(folder())).toThrow(problem);
});

test("a folder over the limit is refused with both sizes", () => {
  const folder = folderWith({ ...whole, "model.bst": "x".repeat(3_000_000) });
  expect(() => readModelFolder(folder, 2_000_000)).toThrow("has 4 MB, and a version may have 2 MB at most");
});
