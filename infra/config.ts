import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { outOfRange } from "@mrdata/base";
import * as pulumi from "@pulumi/pulumi";
import { readLocalVersion } from "./settings/model-folder.ts";
import { problemList } from "./settings/problems.ts";
import { readSettings, type WholeSettings } from "./settings/settings.ts";
import { refuseLostDigits } from "./settings/unquoted.ts";

const root = join(import.meta.dirname, "..");

/** The names under `config:` in Pulumi.yaml, which is where a setting is declared and described. */
function declaredSettings(projectFile: string): readonly string[] {
  const [, config = ""] = projectFile.split(/^config:\n/m);
  return [...config.matchAll(/^ {2}(\w+):$/gm)].map((match) => match[1] ?? outOfRange());
}

/**
 * The stack's settings, parsed and checked once, before anything is declared. Throws pulumi.RunError, which Pulumi
 * shows as it is, with a sentence for everything that is wrong.
 */
export async function readConfig(): Promise<WholeSettings> {
  const problems = problemList();
  const known = declaredSettings(readFileSync(join(root, "Pulumi.yaml"), "utf8"));
  const settings = readSettings(namespace("mrdata"), namespace("gcp"), known, problems);
  const stackFile = join(root, `Pulumi.${pulumi.getStack()}.yaml`);
  if (existsSync(stackFile))
    refuseLostDigits(readFileSync(stackFile, "utf8"), "suffix", settings.suffix.slice(1), problems);
  const { modelFolder, windowMs } = settings;
  const folder =
    modelFolder === null ? null : isAbsolute(modelFolder) ? modelFolder : join(root, modelFolder);
  const version = folder === null ? null : await readLocalVersion(folder, windowMs, problems);
  if (problems.all.length > 0) throw new pulumi.RunError(sentencesOf(problems.all));
  return { ...settings, version };
}

const sentencesOf = (problems: readonly string[]): string =>
  [
    problems.length === 1 ? "A setting of this stack is wrong:" : "Settings of this stack are wrong:",
    ...problems.map((problem) => `  ${problem}`),
  ].join("\n");

/** The settings of one namespace. Read here and not through pulumi.Config, which does not report unknown keys. */
function namespace(name: string): Readonly<Record<string, string>> {
  const all: Readonly<Record<string, string>> = pulumi.runtime.allConfig();
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) =>
      key.startsWith(`${name}:`) ? [[key.slice(name.length + 1), value]] : [],
    ),
  );
}
