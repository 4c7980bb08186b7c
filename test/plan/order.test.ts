import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Plan, planOf } from "./program.ts";
import { stacks } from "./stacks.ts";

const least = stacks.least;
const named = ({ resources }: Plan, name: string) => resources.find((one) => one.name === name);
const secretsOf = (plan: Plan, name: string): string =>
  JSON.stringify(
    Object(named(plan, `${name}-function`)?.inputs.serviceConfig).secretEnvironmentVariables ?? [],
  );

describe("from the first `up` on, step by step", () => {
  test("the first needs no secret: both are there to be filled, and nobody is given one that has no version", async () => {
    const plan = await planOf("dev", least);
    expect(named(plan, "webhook-webhook-secret-secret")).toBeDefined();
    expect(named(plan, "webhook-webhook-secret-version")).toBeUndefined();
    for (const name of ["respond", "sweep"]) expect(secretsOf(plan, name)).toBe("[]");
    // The program makes the probe's own, so that the way is watched from the first minute on.
    for (const name of ["receive", "probe"])
      expect(secretsOf(plan, name).match(/MRDATA_\w+/g)).toEqual(["MRDATA_PROBE_SECRET"]);
    expect(named(plan, "webhook-subscription")).toBeUndefined();
    expect(JSON.stringify(plan.outputs.nextSteps)).toContain("--secret webhookSecret");
  });

  test("with a signing secret receive is pinned to its version, and nobody else gets it", async () => {
    const plan = await planOf("dev", { ...least, "mrdata:webhookSecret": "s" });
    expect(secretsOf(plan, "receive")).toContain('"key":"MRDATA_WEBHOOK_SECRET"');
    expect(secretsOf(plan, "receive")).toContain('"version":"1"');
    for (const name of ["respond", "record", "sweep"]) expect(secretsOf(plan, name)).toBe("[]");
  });

  test("with a token the subscription is made, and sends once receive may be called", async () => {
    const plan = await planOf("dev", { ...least, "mrdata:pagerDutyToken": "t" });
    expect(named(plan, "webhook-subscription")?.inputs.url).toBe(plan.outputs.webhookUrl);
    expect(named(plan, "webhook-switch")?.waitsFor).toEqual([
      "receive-function",
      "receive-invoked-by-anyone",
    ]);
    expect(named(plan, "webhook-webhook-secret-version")?.inputs.secretData).toEqual({ secret: true });
    expect(secretsOf(plan, "respond")).toContain("MRDATA_PAGERDUTY_TOKEN");
    expect(JSON.stringify(plan.outputs.nextSteps)).not.toContain("webhook subscription");
  });

  test("a model version has one name: in the bucket, at Vertex AI, in the outputs and in the step that promotes it", async () => {
    const home = mkdtempSync(join(tmpdir(), "mrdata-named-"));
    onTestFinished(() => rmSync(home, { recursive: true }));
    const folder = join(home, "v3");
    cpSync(stacks.everything["mrdata:modelFolder"], folder, { recursive: true });
    const plan = await planOf("dev", { ...least, "mrdata:modelFolder": folder });
    expect(named(plan, "model-v3-card.json")?.inputs.name).toBe("v3/card.json");
    for (const name of ["model-vertex", "model-version"]) expect(named(plan, name)?.inputs.alias).toBe("v3");
    expect(plan.outputs.modelVersion).toBe("v3");
    expect(JSON.stringify(plan.outputs.nextSteps)).toContain(
      "mrdata models promote v3 --target gcp:least-project/mrdata",
    );
  });

  test("a restored database takes the place of the program's own: with its indexes, and TTL and backups set again", async () => {
    const plan = await planOf("dev", { ...least, "mrdata:database": "mrdata-restored" });
    const of = (type: string) => plan.resources.filter((one) => one.type.endsWith(`:${type}`));
    expect([of("Database").length, of("Index").length]).toEqual([0, 0]);
    for (const type of ["Field", "BackupSchedule"])
      expect(new Set(of(type).map(({ inputs }) => inputs.database))).toEqual(new Set(["mrdata-restored"]));
    expect(of("Field").filter(({ inputs }) => inputs.ttlConfig !== undefined).length).toBeGreaterThan(3);
    expect(plan.outputs.target).toBeDefined();
    const text = JSON.stringify(plan.resources);
    expect(text).toContain("gcp:least-project/mrdata-restored");
    expect(text).toContain("databases/mrdata-restored");
    expect(text).not.toMatch(/databases\/mrdata"|least-project\/mrdata"/);
  });

  test("where allUsers is forbidden it is given to nothing, and nextSteps says what to do", async () => {
    const plan = await planOf("dev", { ...least, "mrdata:publicWebhook": "false" });
    expect(JSON.stringify(plan.resources)).not.toContain("allUsers");
    expect(JSON.stringify(plan.outputs.nextSteps)).toContain("--no-invoker-iam-check");
  });
});
