import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LogEntry } from "@mrdata/platform";
import { logEvents } from "@mrdata/platform/log-events";
import { railSettings } from "@mrdata/responder";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** All that is written by hand and would have to be touched; decisions tell of the past, and plans are made. */
const files = globSync(
  [
    "packages/*/src/**/*.ts",
    "infra/**/*.ts",
    "test/**/*.ts",
    "scripts/*.{mjs,ts}",
    "docs/**/*.md",
    "README.md",
  ],
  {
    cwd: root,
    exclude: (name) => name === "node_modules" || name === "dist" || name === "decisions",
  },
).map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));

const filesNaming = (name: string): readonly string[] =>
  files.filter(({ text }) => text.includes(name)).map(({ file }) => file);

const isTest = (file: string): boolean => file.endsWith(".test.ts");
const isSource = (file: string): boolean => file.endsWith(".ts") && !isTest(file);

test("files are found, and a name that nobody writes is in none", () => {
  expect(files.length).toBeGreaterThan(500);
  expect(filesNaming("held-before").length).toBeGreaterThan(1);
  expect(filesNaming(["held", "after", "all"].join("-"))).toEqual([]);
});

describe.each([...railSettings.keys()])("the guard rail '%s', which has a setting of its own,", (name) => {
  test("is in three files: one that declares it, one that tests it, one that tells people", () => {
    const naming = filesNaming(name);
    expect(naming.filter(isSource)).toEqual([
      expect.stringMatching(/^packages\/responder\/src\/rails\/[a-z-]+\.ts$/),
    ]);
    expect(naming.filter(isTest)).toHaveLength(1);
    expect(naming.filter((file) => file.endsWith(".md"))).toHaveLength(1);
    expect(naming).toHaveLength(3);
  });
});

test("there is one, so that the count is of something", () => {
  expect(railSettings.size).toBeGreaterThan(0);
});

describe("a history format", () => {
  const folder = "packages/history/src/formats/";
  const inFolder = globSync(`${folder}*.ts`, { cwd: root }).map((file) => file.slice(folder.length));
  const list = readFileSync(join(root, folder, "index.ts"), "utf8");
  const formats = [...list.matchAll(/from "\.\/([\w-]+)\.ts"/g)].flatMap(([, name = ""]) =>
    inFolder.includes(`${name}.test.ts`) && name !== "own" ? [name] : [],
  );

  test("there are several, so that the count is of something", () => {
    expect(formats.length).toBeGreaterThan(5);
  });
  test.each(formats)(
    "'%s' is its reader and its test: nothing but the list and what shares its columns imports it",
    (name) => {
      const importing = files
        .filter(({ text }) => text.includes(`formats/${name}.ts"`) || text.includes(`"./${name}.ts"`))
        .map(({ file }) => file)
        .filter((file) => file.startsWith("packages/history/") && !isTest(file));
      expect(importing).toContain(`${folder}index.ts`);
      expect(importing.filter((file) => !file.startsWith(folder))).toEqual([]);
    },
  );
});

describe("the events of the log", () => {
  const declaredIn = "packages/platform/src/log-events.ts";
  const isProgram = (file: string): boolean =>
    file.startsWith("packages/") && isSource(file) && file !== declaredIn && !file.endsWith(".fixture.ts");

  test.each(Object.keys(logEvents))("'%s' is logged", (name) => {
    const logging = files.filter(({ file, text }) => isProgram(file) && text.includes(`"${name}"`));
    expect(logging.map(({ file }) => file)).not.toEqual([]);
  });

  test.each(Object.entries(logEvents).flatMap(([name, one]) => (one === null ? [] : [[name, one.slug]])))(
    "'%s' is counted by its declaration alone: infra names neither it nor '%s'",
    (name) => {
      const naming = filesNaming(`"${name}"`);
      expect(naming).toContain(declaredIn);
      expect(naming.filter((file) => file.startsWith("infra/"))).toEqual([]);
    },
  );

  test("one that is not declared does not compile", () => {
    // @ts-expect-error: no such event is declared
    const entry: LogEntry = { severity: "INFO", event: "nobody.declared" };
    expect(Object.hasOwn(logEvents, entry.event)).toBe(false);
  });

  test("what is logged as CRITICAL is an alarm, and what a person must act on", () => {
    const critical = files
      .filter(({ file }) => isProgram(file))
      .flatMap(({ text }) => [...text.matchAll(/severity: "CRITICAL",\s*event: "([^"]+)"/g)])
      .map(([, name]) => name);
    const alarms = Object.entries(logEvents).flatMap(([name, one]) =>
      one !== null && "alarm" in one ? [name] : [],
    );
    expect(critical.length).toBeGreaterThan(4);
    expect(alarms).toEqual(expect.arrayContaining([...critical, "document.unreadable", "hold.unsettled"]));
  });
});
