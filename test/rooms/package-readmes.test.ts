import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { below } from "./rooms.ts";

const root = join(import.meta.dirname, "../..");
const folderOf = (room: string): string => (room === "infra" ? "infra" : `packages/${room}`);

/** The main functions that a README lists: their names, and the files that declare them, relative to its folder. */
const listedIn = (readme: string): readonly { readonly name: string; readonly file: string }[] =>
  [...readme.matchAll(/^- `(\w+)` \(`([\w./-]+\.ts)`\): \S/gm)].map(([, name = "", file = ""]) => ({
    name,
    file,
  }));

const declares = (source: string, name: string): boolean =>
  new RegExp(`^export (?:async )?(?:function\\*?|const|class) ${name}\\b`, "m").test(source);

/** What is wrong with the README of a room, a sentence each. `read` gives a file of the room, or null. */
function problemsOf(
  room: string,
  mayUse: readonly string[],
  read: (file: string) => string | null,
): readonly string[] {
  const readme = read("README.md");
  if (readme === null) return ["it has no README.md"];
  const wanted = `May use: ${mayUse.length === 0 ? "nothing" : mayUse.join(", ")}.`;
  const listed = listedIn(readme);
  return [
    ...(readme.startsWith(`# ${folderOf(room)}\n`) ? [] : [`its title is not '# ${folderOf(room)}'`]),
    ...(readme.includes(`\n${wanted}\n`) ? [] : [`the table in rooms.ts says '${wanted}'`]),
    ...(/^Tests: \S/m.test(readme) ? [] : ["it does not say where its tests are ('Tests: …')"]),
    ...(listed.length >= 3 ? [] : [`it lists ${listed.length} main functions, and three or four are usual`]),
    ...listed.flatMap(({ name, file }) =>
      declares(read(file) ?? "", name) ? [] : [`${file} exports no '${name}'`],
    ),
  ];
}

const readIn =
  (folder: string) =>
  (file: string): string | null => {
    const path = join(root, folder, file);
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  };

describe("the README of a package is true", () => {
  test.each(Object.entries(below))("of %s", (room, mayUse) => {
    expect(problemsOf(room, mayUse, readIn(folderOf(room)))).toEqual([]);
  });

  test("and one that is wrong is noticed", () => {
    const wrong =
      "# packages/forest\n\n- `score` (`src/score.ts`): scores.\n- `gone` (`src/score.ts`): went.\n";
    const files: Readonly<Record<string, string>> = {
      "README.md": wrong,
      "src/score.ts": "export function score() {}",
    };
    expect(problemsOf("forest", ["incident"], (file) => files[file] ?? null)).toEqual([
      "the table in rooms.ts says 'May use: incident.'",
      "it does not say where its tests are ('Tests: …')",
      "it lists 2 main functions, and three or four are usual",
      "src/score.ts exports no 'gone'",
    ]);
    expect(problemsOf("forest", [], () => null)).toEqual(["it has no README.md"]);
  });
});
