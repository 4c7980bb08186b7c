import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ModelManifest, manifestOf, writeManifest } from "@mrdata/platform/google/model-manifest";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test, vi } from "vitest";
import { ARMED_POLICY, BOT, FALLBACK_POLICY, smallAccount } from "../simulation/small-account.ts";
import { livePagerDuty } from "../support/live-pagerduty.ts";
import { planOf } from "./program.ts";
import { stacks } from "./stacks.ts";

const least = stacks.least;

describe("two stacks with the same names in one project", () => {
  const bucket = (labels: Readonly<Record<string, string>>) => ({
    ask: () => ({ buckets: [{ name: "least-project-mrdata-models", labels }] }),
  });
  test("are refused in a sentence", async () => {
    const other = bucket({ app: "mrdata", stack: "prod" });
    const error = await planOf("dev", least, other).catch((reason: unknown) => reason);
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(String(error)).toContain(
      "The stack 'prod' has these names in project least-project already (bucket least-project-mrdata-models): pulumi config set suffix two",
    );
  });
  test("and a stack's own bucket is not another's; where nobody answers, nothing is refused", async () => {
    const own = await planOf("dev", least, bucket({ app: "mrdata", stack: "dev" }));
    expect(own.resources.length).toBeGreaterThan(50);
    const silent = {
      ask: () => {
        throw new Error("no credentials");
      },
    };
    expect((await planOf("dev", least, silent)).resources).toHaveLength(own.resources.length);
  });
});

describe("a model version that is published already", () => {
  const { "mrdata:modelFolder": modelFolder, ...rest } = stacks.everything;
  const files = new Map(
    readdirSync(modelFolder).map((file) => [file, readFileSync(join(modelFolder, file))]),
  );
  const published = (manifest: ModelManifest) => ({
    ask: (token: string) =>
      token.endsWith(":getBucketObjectContent") ? { content: writeManifest(manifest) } : {},
  });
  const planned = (manifest: ModelManifest) =>
    planOf("dev", { ...rest, "mrdata:modelFolder": modelFolder }, published(manifest));

  test("is refused with other files, in a sentence that names them and the next version", async () => {
    const other = manifestOf(
      new Map([...files, ["card.json", Buffer.from("{}")], ["gone.json", Buffer.from("")]]),
    );
    const error = await planned(other).catch((reason: unknown) => reason);
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(String(error)).toContain(
      `mrdata:modelFolder '${modelFolder}' is refused: v1 is published already, with another card.json, gone.json, and a version never changes: call the folder v2, then pulumi config set modelFolder ${join(modelFolder, "..", "v2")}`,
    );
  });
  test("that cannot be read is a sentence, which says where it is and what to do", async () => {
    for (const content of ["no JSON", "{}", '{"files":7}', "[]"]) {
      const ask = (token: string) => (token.endsWith(":getBucketObjectContent") ? { content } : {});
      const error = await planOf("dev", { ...rest, "mrdata:modelFolder": modelFolder }, { ask }).catch(
        (reason: unknown) => reason,
      );
      expect(pulumi.RunError.isInstance(error), content).toBe(true);
      expect(String(error)).toMatch(
        /gs:\/\/everything-project-mrdata-models-two\/v1\/\S+ cannot be read, .* delete it, gcloud storage rm gs:/,
      );
    }
  });
  test("is the same with the same files, whoever published it", async () => {
    expect((await planned(manifestOf(files))).outputs.modelVersion).toBeDefined();
  });
});

describe("what is not safe about an escalation policy is a warning", () => {
  const settings = (url: string) => ({
    ...least,
    "mrdata:pagerDutyToken": "reading-token",
    "mrdata:pagerDutyBaseUrl": url,
    "mrdata:botUser": BOT.id,
    "mrdata:botEmail": BOT.email,
    "mrdata:policies": `${ARMED_POLICY},PNOWHERE`,
    "mrdata:fallbackPolicy": FALLBACK_POLICY,
  });
  const warnings = async (config: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    try {
      await planOf("dev", config);
      return warn.mock.calls.map(([text]) => String(text).replace("warning: [runtime] ", ""));
    } finally {
      warn.mockRestore();
    }
  };

  test("in the words of doctor, and nothing is changed", async () => {
    const account = smallAccount({ restTokens: [{ token: "reading-token", scopes: "full" }] });
    const { url } = await livePagerDuty(account);
    const said = await warnings({ ...settings(url), "mrdata:window": "10m" });
    expect(said).toContainEqual(
      expect.stringMatching(/^Level 1 of .*PARMED.* lasts 5 minutes, and the model's window is 10 minutes/),
    );
    expect(said).toContainEqual(expect.stringMatching(/^PagerDuty has no escalation policy PNOWHERE\. /));
    expect(said.join("\n")).not.toContain("reading-token");
  });
  test("a PagerDuty that does not answer does not stop a preview", async () => {
    const said = await warnings(settings("http://127.0.0.1:9"));
    expect(said.length).toBeGreaterThan(0);
    for (const sentence of said) expect(sentence).toMatch(/could not be (read|looked at)|did not answer/);
  });
});
