import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sealCard } from "@mrdata/learning";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { planOf } from "./program.ts";
import { stacks, writeModel } from "./stacks.ts";

const root = join(import.meta.dirname, "../..");
const least = stacks.least;
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** What the program says to such a configuration; it must say it itself, in sentences, before it declares anything. */
async function refusalOf(config: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const error = await planOf("bad", config).then(
    () => null,
    (reason: unknown) => reason,
  );
  // Pulumi shows a RunError as it is, and any other error with its stack.
  expect(pulumi.RunError.isInstance(error), String(error)).toBe(true);
  const [head, ...sentences] = (error instanceof Error ? error.message : "").split("\n");
  expect(head).toMatch(/^(A setting of this stack is|Settings of this stack are) wrong:$/);
  return sentences.map((sentence) => sentence.trim());
}

const with_ = (change: Readonly<Record<string, string>>) => refusalOf({ ...least, ...change });

describe("a setting that is wrong is one sentence, with the command that sets it", () => {
  for (const [what, change, sentence] of [
    [
      "no project",
      { "gcp:project": "" },
      "gcp:project is not set: pulumi config set gcp:project YOUR-PROJECT-ID",
    ],
    [
      "a project's title",
      { "gcp:project": "My Project" },
      "gcp:project 'My Project' is not the id of a project: pulumi config set gcp:project YOUR-PROJECT-ID",
    ],
    [
      "no project number",
      { "mrdata:projectNumber": "" },
      `mrdata:projectNumber is not set: pulumi config set projectNumber "$(gcloud projects describe least-project --format='value(projectNumber)')"`,
    ],
    [
      "an unknown region",
      { "mrdata:region": "us-centrall1" },
      "mrdata:region 'us-centrall1' is not a region that has all that Mr Data needs; the nearest is us-central1: pulumi config set region us-central1",
    ],
    [
      "a wait that is no duration",
      { "mrdata:grantWait": "two minutes" },
      "mrdata:grantWait 'two minutes' is not a duration (write it like 90s, 5m, 1h or 7d): pulumi config set grantWait 120s",
    ],
    [
      "more patience than makes sense",
      { "mrdata:patience": "1d" },
      "mrdata:patience is 1d, and what takes longer than an hour is another fault: pulumi config set patience 10m",
    ],
    [
      "an old project by its year",
      { "mrdata:oldProject": "2019" },
      "mrdata:oldProject '2019' is neither true nor false: pulumi config set oldProject false",
    ],
    [
      "a training that begins by another word",
      { "mrdata:retrain": "0 3 * * 8" },
      "mrdata:retrain '0 3 * * 8' is neither schedule nor off: pulumi config set retrain schedule",
    ],
    [
      "hosting by another word",
      { "mrdata:hosting": "cloud run" },
      "mrdata:hosting 'cloud run' is neither none nor endpoint: pulumi config set hosting none",
    ],
    [
      "hosting of no model",
      { "mrdata:hosting": "endpoint" },
      "mrdata:hosting is endpoint, and mrdata:modelFolder names no model version to serve: pulumi config set modelFolder models/v1, or pulumi config set hosting none",
    ],
    [
      "an import by another word",
      { "mrdata:historyImport": "yes" },
      "mrdata:historyImport 'yes' is neither on nor off: pulumi config set historyImport off",
    ],
    [
      "playbooks that are no folder of them",
      { "mrdata:playbooks": "https://github.com/acme/mrdata" },
      "mrdata:playbooks 'https://github.com/acme/mrdata' is not the address of a folder docs/playbooks that begins with https://: pulumi config set playbooks https://github.com/acme/mrdata/blob/main/docs/playbooks",
    ],
    [
      "a wrong type",
      { "mrdata:protect": "perhaps" },
      "mrdata:protect 'perhaps' is neither true nor false: pulumi config set protect true",
    ],
    [
      "another wrong type",
      { "mrdata:maxInstances": "many" },
      "mrdata:maxInstances 'many' is not a whole number from 0 to 1000: pulumi config set maxInstances 0",
    ],
    [
      "an unknown key",
      { "mrdata:alertEmial": "a@b.example" },
      "mrdata:alertEmial is not a setting; the nearest is mrdata:alertEmail: pulumi config rm alertEmial",
    ],
    [
      "a key like no other",
      { "mrdata:xyzzyplugh": "1" },
      "mrdata:xyzzyplugh is not a setting: pulumi config rm xyzzyplugh",
    ],
    [
      "a window over 15 minutes",
      { "mrdata:window": "16m" },
      "mrdata:window is 16m, and it is between 1m and 15m, for longer than that nobody's page may wait: pulumi config set window 5m",
    ],
    [
      "a window that is no duration",
      { "mrdata:window": "5" },
      "mrdata:window '5' is not a duration (write it like 90s, 5m, 1h or 7d): pulumi config set window 5m",
    ],
    [
      "an e-mail that is none",
      { "mrdata:alertEmail": "sre" },
      "mrdata:alertEmail 'sre' is not an e-mail address: pulumi config set alertEmail sre@example.com",
    ],
    [
      "labels that are none",
      { "mrdata:labels": "team=sre,Team" },
      "mrdata:labels 'Team' is not NAME=VALUE in lower-case letters, digits, - and _: pulumi config set labels team=sre,cost-centre=42",
    ],
    [
      "a suffix that is too long",
      { "mrdata:suffix": "production" },
      "mrdata:suffix 'production' is not at most 8 lower-case letters and digits: pulumi config set suffix two",
    ],
    [
      "a bot without an e-mail",
      { "mrdata:botUser": "PBOT001" },
      "mrdata:botUser is set and mrdata:botEmail is not, in whose name the bot pages: pulumi config set botEmail mrdata@example.com",
    ],
    [
      "a policy that is no id",
      { "mrdata:policies": "my policy" },
      "mrdata:policies 'my policy' is not a PagerDuty id: pulumi config set policies PXXXXXX,PYYYYYY",
    ],
    [
      "a scope of nothing",
      { "mrdata:webhookScope": "everything" },
      "mrdata:webhookScope 'everything' is not account, service:ID or team:ID: pulumi config set webhookScope account",
    ],
    [
      "an address that is none",
      { "mrdata:pagerDutyBaseUrl": "eu" },
      "mrdata:pagerDutyBaseUrl 'eu' is not a URL: pulumi config set pagerDutyBaseUrl https://api.eu.pagerduty.com",
    ],
    [
      "an address with a password in it, which is not said again",
      { "mrdata:pagerDutyBaseUrl": "https://robin:planted-key@gateway.example" },
      "mrdata:pagerDutyBaseUrl holds a user or a password, which would be written into logs and settings: leave them out of the URL: pulumi config set pagerDutyBaseUrl https://api.eu.pagerduty.com",
    ],
    [
      "more warm instances than there may be",
      { "mrdata:minInstances": "5", "mrdata:maxInstances": "2" },
      "mrdata:minInstances 5 is more than mrdata:maxInstances 2: pulumi config set minInstances 0",
    ],
  ] as const)
    test(what, async () => {
      expect(await with_(change)).toEqual([sentence]);
    });

  test("a secret is not said again", async () => {
    const [sentence = ""] = await with_({ "mrdata:alertPagerDutyKey": "planted-key" });
    expect(sentence).toBe(
      "mrdata:alertPagerDutyKey is not an integration key of 32 characters: pulumi config set --secret alertPagerDutyKey",
    );
  });

  test("all that is wrong is said at once", async () => {
    const said = await refusalOf({ "mrdata:region": "mars", "mrdata:window": "1h", "mrdata:regoin": "x" });
    expect(said).toHaveLength(5);
    for (const [i, key] of [
      "mrdata:regoin",
      "gcp:project",
      "mrdata:projectNumber",
      "mrdata:region",
      "mrdata:window",
    ].entries())
      expect(said[i]).toMatch(new RegExp(`^${key} `));
  });
});

describe("a model folder that cannot be used is refused before anything is made", () => {
  const refused = async (folder: string, more: Readonly<Record<string, string>> = {}) => {
    const [sentence = "", ...others] = await with_({ "mrdata:modelFolder": folder, ...more });
    expect(others).toEqual([]);
    expect(sentence).toMatch(/^mrdata:modelFolder.*pulumi config set /);
    return sentence;
  };
  const copy = (from: string): string => {
    const folder = mkdtempSync(join(tmpdir(), "mrdata-bad-model-"));
    folders.push(folder);
    cpSync(from, folder, { recursive: true });
    return folder;
  };

  test("missing", async () => {
    expect(await refused("/nowhere/v1")).toContain("the model folder /nowhere/v1 is not there");
  });
  test("without a card", async () => {
    const folder = copy(await writeModel());
    rmSync(join(folder, "card.json"));
    expect(await refused(folder)).toContain("has no card.json");
  });
  test("too large", async () => {
    const folder = copy(await writeModel());
    writeFileSync(join(folder, "large"), "");
    truncateSync(join(folder, "large"), 260_000_000);
    expect(await refused(folder)).toMatch(/has 2\d\d MB, and a version may have 250 MB at most/);
  });
  /** A folder in which everything fits together, as the program of another schema would have written it. */
  async function ofSchema(change: (features: Readonly<Record<string, unknown>>) => object): Promise<string> {
    const folder = copy(await writeModel());
    const features = JSON.stringify(change(JSON.parse(readFileSync(join(folder, "features.json"), "utf8"))));
    writeFileSync(join(folder, "features.json"), features);
    const card = JSON.parse(readFileSync(join(folder, "card.json"), "utf8"));
    card.files["features.json"] = createHash("sha256").update(features).digest("hex");
    writeFileSync(join(folder, "card.json"), sealCard(card));
    return folder;
  }
  test.each([
    ["of another feature schema", (features) => ({ ...features, schema: 999 })],
    ["of a feature schema of another shape", () => ({ schema: 1, columns: ["alert-type.rate", "urgency"] })],
    ["of the same schema with other features", (features) => ({ ...features, features: [] })],
  ] as const satisfies [string, Parameters<typeof ofSchema>[0]][])("%s", async (_, change) => {
    const folder = await ofSchema(change);
    expect(await refused(folder)).toBe(
      `mrdata:modelFolder '${folder}' is refused: it was trained on other features than this program makes: train a new version; mrdata train writes another, or go without: pulumi config set modelFolder ''`,
    );
  });
  test("for another window", async () => {
    const sentence = await refused(await writeModel(), { "mrdata:window": "10m" });
    expect(sentence).toMatch(
      /was trained for a hold window of 5m, and mrdata:window is 10m: pulumi config set window 5m$/,
    );
  });
});

test("every setting is typed and described and has a default of its type, and the example sets none that is unknown", () => {
  const project = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8"));
  const names = Object.keys(project.config);
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) {
    const setting = project.config[name];
    expect(["string", "boolean", "integer"], name).toContain(setting.type);
    expect(String(setting.description ?? "").length, name).toBeGreaterThan(15);
    expect(typeof setting.default, name).toBe(setting.type === "integer" ? "number" : setting.type);
  }
  const example = parse(readFileSync(join(root, "Pulumi.example.yaml"), "utf8"));
  expect(example.encryptionsalt).toBeUndefined();
  expect(JSON.stringify(example)).not.toContain("secure");
  for (const key of Object.keys(example.config).filter((key) => key.startsWith("mrdata:")))
    expect(names).toContain(key.slice("mrdata:".length));
  expect(example.config).toEqual({ ...stacks.example });
});
