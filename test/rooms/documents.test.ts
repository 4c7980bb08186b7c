import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const documents = globSync(["*.md", "docs/**/*.md", "test/*.md", "packages/*/README.md", "infra/README.md"], {
  cwd: root,
});

/** Files that a document links to or names in full, and that are not there. `exists` is asked for paths from the root. */
function missingIn(file: string, text: string, exists: (path: string) => boolean): readonly string[] {
  const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, to = ""]) =>
    join(dirname(file), to),
  );
  const named = [...text.matchAll(/`((?:packages|infra|test|scripts|docs)\/[\w./-]+\.(?:ts|mjs|md))`/g)].map(
    ([, path = ""]) => path,
  );
  return [...new Set([...linked, ...named])].filter((path) => !isPattern(path) && !exists(path));
}

/** `docs/playbooks/SLUG.md` stands for many files. */
const isPattern = (path: string): boolean => /\b(?:NAME|SLUG|COMMAND)\b/.test(path);

describe("what documents lead to is there", () => {
  // Decisions tell of the past, also of files that are gone.
  const ofToday = documents.filter((file) => !file.startsWith("docs/decisions/"));

  test.each(ofToday)("in %s", (file) => {
    expect(missingIn(file, read(file), (path) => existsSync(join(root, path)))).toEqual([]);
  });

  test("and what is not there is noticed", () => {
    const text = "[a](gone.md#part), [b](https://example.com), `packages/x/src/gone.ts`, [c](../README.md)";
    expect(missingIn("docs/some.md", text, (path) => path === "README.md")).toEqual([
      "docs/gone.md",
      "packages/x/src/gone.ts",
    ]);
  });
});

test("test/README.md has a row for each suite", () => {
  const suites = [...read("vitest.config.ts").matchAll(/\bsuite\(\s*"(\w+)"/g)].map(([, name]) => name);
  const rows = [...read("test/README.md").matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
  expect(suites.length).toBeGreaterThan(10);
  expect(rows.toSorted()).toEqual(suites.toSorted());
});

test("every npm script that CONTRIBUTING.md and test/README.md name is one", () => {
  const scripts: Readonly<Record<string, string>> = JSON.parse(read("package.json")).scripts;
  const named = ["CONTRIBUTING.md", "test/README.md"].flatMap((file) =>
    [...read(file).matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});
