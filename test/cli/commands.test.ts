import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { manifests } from "@mrdata/functions/manifests";
import { expect, test } from "vitest";
import { alarmsOf } from "../../infra/plan/alarms.ts";
import { namesOf } from "../../infra/plan/names.ts";
import { nextStepsOf } from "../../infra/plan/next-steps.ts";
import { someSettings } from "../../infra/plan/plan.fixture.ts";
import { commandsInSource, commandsInText, complaintOf, type Written } from "../support/command-lines.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

const filesUnder = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending) && !file.endsWith(".test.ts"))
    .map((file) => join(folder, file));

const complaintsOf = (commands: readonly Written[]): readonly string[] =>
  commands.flatMap((command) => complaintOf(command) ?? []);

test("every command that README and docs name is one of the command line's own, with its options", () => {
  const commands = ["README.md", ...filesUnder("docs", ".md")].flatMap((file) => commandsInText(read(file)));
  expect(commands.length).toBeGreaterThan(50);
  expect(complaintsOf(commands)).toEqual([]);
});

test("so is every command that an alarm or a next step tells a person to type", () => {
  const names = namesOf(someSettings);
  const texts = [
    ...alarmsOf(manifests, names).map(({ text }) => text),
    ...nextStepsOf(someSettings, names, "v3").map((step) => step.replace(/(mrdata .*--target .*)$/, "`$1`")),
  ];
  const commands = texts.flatMap(commandsInText);
  expect(commands.length).toBeGreaterThan(8);
  expect(complaintsOf(commands)).toEqual([]);
});

test("so is every command in the sentences of the program", () => {
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}/src`);
  const commands = [...packages, "infra/plan", "infra/settings"]
    .flatMap((folder) => filesUnder(folder, ".ts"))
    .flatMap((file) => commandsInSource(read(file)));
  expect(commands.length).toBeGreaterThan(60);
  expect(complaintsOf(commands)).toEqual([]);
});

test("a command, option or value that there is not would be seen", () => {
  for (const [line, complaint] of [
    ["mrdata replay --dead-letters", "unknown option '--dead-letters'"],
    ["npx mrdata deadletters list", "unknown command 'deadletters'"],
    ["mrdata models retract v1", "unknown command 'retract'"],
    ["mrdata decisions --since yesterday", "invalid"],
  ] as const) {
    for (const where of ["block", "text", "source"] as const)
      expect(complaintOf({ in: where, line })).toContain(complaint);
  }
  expect(complaintOf({ in: "block", line: "mrdata explain" })).toContain("missing required argument");
});
