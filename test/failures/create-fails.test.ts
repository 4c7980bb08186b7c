import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { z } from "zod";
import { type EngineStack, openEngineStack } from "../engine/support/engine-stack.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { stacks } from "../plan/stacks.ts";
import { inconsistencies, madeTwice, stated, webhooksOf } from "./consistent.ts";

const UP = ["up", "--yes", "--skip-preview"];
const everything: Readonly<Record<string, string>> = stacks.everything;
let on: EngineStack;

beforeAll(async () => {
  if (!engine.available) return;
  on = await openEngineStack("everything", engine.binary);
  await on.configure({ ...everything, ...on.addresses });
});
afterAll(async () => {
  if (engine.available) await on.remove();
});

const plan = z.object({ resources: z.array(z.object({ type: z.string() })) });

/** The types of the reviewed plan that are made somewhere: not the components, which are names for groups. */
const typesOfPlan = (): ReadonlySet<string> => {
  const golden = readFileSync(join(import.meta.dirname, "../golden/everything.json"), "utf8");
  const { resources } = plan.parse(JSON.parse(golden));
  return new Set(resources.map(({ type }) => type).filter((type) => !type.startsWith("mrdata:")));
};

/** As the command line shows a type of a provider's. */
const shown = (type: string): string => type.replace(/\/[^:]+:/, ":");

/** The types of the resources that the command line says have failed. */
const failedIn = (said: string, types: ReadonlySet<string>): readonly string[] => {
  const failed = [...said.matchAll(/^ {2}(\S+) \(.+\):\n {4}error: /gm)].map(([, type = ""]) => type);
  return [...types].filter((type) => failed.includes(type) || failed.includes(shown(type)));
};

const MODEL = "pulumi-nodejs:dynamic/mrdata:VertexModel";
const VERSION = "pulumi-nodejs:dynamic/mrdata:VertexModelVersion";
const DEPLOYMENT = "pulumi-nodejs:dynamic/mrdata:VertexDeployment";
const SUBSCRIPTION = "pulumi-nodejs:dynamic/mrdata:WebhookSubscription";
const SWITCH = "pulumi-nodejs:dynamic/mrdata:WebhookSwitch";
/** Drawn by chance where the program runs: nobody is asked, and nobody can refuse. */
const PROBE_SECRET = "pulumi-nodejs:dynamic/mrdata:ProbeSecret";

engineTest(
  "an error at the first resource of each type in turn leaves a state that agrees with the cloud, the next up goes on, and nothing is made twice",
  async () => {
    const types = typesOfPlan();
    /** Types that are let through by now, because one of them has failed; any other fails. */
    const allowed = new Set<string>();
    on.cloud.beforeCreate = (type) =>
      allowed.has(type)
        ? null
        : new Error(`Error creating ${type}: googleapi: Error 403: forbidden for the test`);
    const denied = { kind: "refuse", status: 403, reason: "PERMISSION_DENIED" } as const;
    // The upload is the model's; the version looks for what was uploaded.
    const isMade = () => on.vertex.registry.models.size > 0;
    on.vertex.faults.plan((call) => !allowed.has(MODEL) && call.endsWith("models:upload"), denied, 1_000);
    on.vertex.faults.plan(
      (call) => isMade() && !allowed.has(VERSION) && call.endsWith(":listVersions"),
      denied,
      1_000,
    );
    on.vertex.faults.plan((call) => !allowed.has(DEPLOYMENT) && call.endsWith(":deployModel"), denied, 1_000);
    for (;;) {
      // PagerDuty refuses to change what there is: a subscription that was made cannot be silenced and is lost for the
      // state; later, one that is in the state cannot be switched on.
      const waits = allowed.has(SUBSCRIPTION) && !allowed.has(SWITCH);
      const refusing = waits
        ? (await stated(on)).some(({ type }) => type === SUBSCRIPTION)
        : !allowed.has(SWITCH);
      on.pagerduty.faults.set({ rest: refusing ? "conflict" : "ok" });
      const { code, stdout, stderr } = await on.stack.pulumi(UP);
      if (code === 0) break;
      const said = stdout + stderr;
      const failed = failedIn(said, types);
      const before = allowed.size;
      for (const type of failed) allowed.add(type);
      expect(allowed.size, said).toBeGreaterThan(before);
      expect(await inconsistencies(on), `after ${failed.join()} failed`).toEqual([]);
    }
    expect(await inconsistencies(on)).toEqual([]);
    expect(madeTwice(on)).toEqual([]);
    expect([...allowed].toSorted()).toEqual([...types].filter((type) => type !== PROBE_SECRET).toSorted());
    expect(on.vertex.registry.versions("mrdata-two")).toHaveLength(1);
    expect(await webhooksOf(on)).toHaveLength(1);
    await on.stack.must(["preview", "--expect-no-changes"]);
  },
);

engineTest(
  "Vertex AI that refuses, fails, or loses its answer, and PagerDuty that fails: the next up finishes with one version and one subscription",
  async () => {
    await on.stack.must(["destroy", "--yes", "--skip-preview"]);
    expect(on.vertex.registry.models.size).toBe(0);
    on.cloud.beforeCreate = () => null;

    const denied = { kind: "refuse", status: 403, reason: "PERMISSION_DENIED" } as const;
    // One upload after the other is refused, fails at Google's, and is carried out and never answered; then the aliases
    // are refused, so that the version is there and the state does not know of it.
    on.vertex.faults.plan(/models:upload$/, denied);
    on.vertex.faults.plan(/models:upload$/, { kind: "operation", fate: "fails" });
    on.vertex.faults.plan(/models:upload$/, { kind: "lose-answer" });
    on.vertex.faults.plan(/:mergeVersionAliases$/, denied);
    on.pagerduty.faults.set({ rest: "500" });
    const said: string[] = [];
    for (let run = 0; run < 6; run++) {
      const { code, stdout, stderr } = await on.stack.pulumi(UP);
      on.pagerduty.faults.set({ rest: "ok" });
      if (code === 0) break;
      said.push(stdout + stderr);
      // A version whose aliases were refused is there, and is found by the next `up`.
      const isUploaded = (sentence: string) => /models\/mrdata-two(@1)? is in the cloud/.test(sentence);
      expect((await inconsistencies(on)).filter((sentence) => !isUploaded(sentence))).toEqual([]);
    }
    expect(said[0]).toContain("PagerDuty answered");
    for (const why of [
      "models:upload with 403 PERMISSION_DENIED",
      "Internal error while the model was copied",
      ":mergeVersionAliases with 403 PERMISSION_DENIED",
    ])
      expect(said.join()).toContain(why);
    expect(on.vertex.registry.versions("mrdata-two")).toMatchObject([
      { id: "1", aliases: ["default", "v1"] },
    ]);
    const headers = { authorization: "Token token=planted-pagerduty-token" };
    const listed = await on.pagerduty.fetch("http://pagerduty/webhook_subscriptions", { headers });
    expect(await listed.json()).toMatchObject({ webhook_subscriptions: [{ active: true }] });
    expect(await inconsistencies(on)).toEqual([]);
    await on.stack.must(["preview", "--expect-no-changes"]);
  },
);
