import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { manifests } from "./index.ts";

const source = join(import.meta.dirname, "..");
const names = manifests.map(({ name }) => name);

test("every folder with a manifest is in the list, under its own name", () => {
  const folders = globSync("*/manifest.ts", { cwd: source }).map((file) => file.split(/[\\/]/)[0]);
  expect(folders.toSorted()).toEqual(names.toSorted());
});

test.each(names)(
  "the folder of %s holds its entry and its handler, and the entry exports it by name",
  (name) => {
    const file = (of: string): string => join(source, name, of);
    expect([`${name}.ts`, `build-${name}.ts`].filter((one) => !existsSync(file(one)))).toEqual([]);
    // What the platform calls is found under this name alone (`exports.NAME`), which the bundle's tests call.
    expect(readFileSync(file("entry.ts"), "utf8")).toMatch(new RegExp(`^export const ${name} = `, "m"));
  },
);
