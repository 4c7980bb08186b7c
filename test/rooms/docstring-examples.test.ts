import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { describe, expect, test } from "vitest";
import { checksOf, examplesIn, importsOfExample } from "./docstring-examples.ts";

const root = join(import.meta.dirname, "../..");

const examples = globSync(["packages/*/src/**/*.ts", "infra/**/*.ts"], {
  cwd: root,
  exclude: (name) => name === "node_modules",
}).flatMap((file) => {
  const source = readFileSync(join(root, file), "utf8");
  return source.includes("@example ") || source.includes("@example\n")
    ? examplesIn(source).map((example) => ({ file, ...example }))
    : [];
});

/** Runs an example with what its own file exports at hand, and what it imports besides. */
async function run(code: string, own: () => Promise<object>): Promise<void> {
  const checks = checksOf(code);
  const scope: Record<string, unknown> = { ...(await own()), expect };
  for (const { names, from } of importsOfExample(code)) {
    const module: object = await import(from);
    for (const name of names.split(", ")) {
      if (!(name in module)) throw new Error(`${from} exports no '${name}'`);
      scope[name] = Reflect.get(module, name);
    }
  }
  await compileFunction(
    `return (async () => {\n${checks}\n})();`,
    Object.keys(scope),
  )(...Object.values(scope));
}

describe("what the example of a docstring says is so", () => {
  test("there are about forty", () => {
    expect(examples.length).toBeGreaterThanOrEqual(40);
  });

  test.each(examples)("$name ($file)", async ({ file, code }) => {
    expect(code, "an example stands between ```ts and ```, on lines of its own").not.toBeNull();
    await run(code ?? "", () => import(join(root, file)));
  });
});

describe("an example", () => {
  const twice = async () => ({
    twice: (n: number) => 2 * n,
    refuse: () => {
      throw new RangeError("not that");
    },
  });

  test("that is right passes, over several lines too, and with what it imports", async () => {
    const code = [
      'import { isDrillTitle } from "@mrdata/incident";',
      "const n = twice(",
      "  2,",
      ");",
      "n; // => 4",
      "isDrillTitle(null); // => false",
      "Promise.resolve({",
      "  n,",
      "}); // => { n: 4 }",
      "refuse(); // throws /not that/",
    ].join("\n");
    await run(code, twice);
  });

  test.each([
    ["is wrong", "twice(2); // => 5"],
    ["does not throw", "twice(2); // throws RangeError"],
    ["expects nothing", "twice(2);"],
    ["does not end", "twice(2; // => 4"],
    ["names what is not exported", "thrice(2); // => 6"],
    ["imports what is not exported", 'import { thrice } from "@mrdata/incident";\ntwice(2); // => 4'],
  ])("that %s fails", async (_, code) => {
    await expect(run(code, twice)).rejects.toThrow();
  });

  test("is found in its docstring, with the name that follows; one of another form is told", () => {
    const source = [
      "/**",
      " * Twice.",
      " *",
      " * @example",
      " * ```ts",
      " * twice(2); // => 4",
      " * ```",
      " */",
      "export const twice = 1;",
      "/** @example thrice(2) // 6 */",
      "export async function* thrice() {}",
    ].join("\n");
    expect(examplesIn(source)).toEqual([
      { name: "twice", code: "twice(2); // => 4" },
      { name: "thrice", code: null },
    ]);
  });
});
