import { afterAll, beforeAll, expect } from "vitest";
import { type EngineStack, openEngineStack } from "../engine/support/engine-stack.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { stacks } from "../plan/stacks.ts";
import { inconsistencies, madeTwice } from "./consistent.ts";

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

engineTest(
  "an error at the first resource of each type in turn leaves a state that agrees with the cloud, the next up goes on, and nothing is made twice",
  async () => {
    /** Types that Google lets through by now; the first of any other fails. */
    const allowed = new Set<string>();
    on.cloud.beforeCreate = (type) =>
      allowed.has(type)
        ? null
        : new Error(`Error creating ${type}: googleapi: Error 403: forbidden for the test`);
    const failed: string[] = [];
    for (;;) {
      const { code, stdout, stderr } = await on.stack.pulumi(UP);
      if (code === 0) break;
      const said = stdout + stderr;
      const [, type] =
        /Error creating (gcp:\S+): googleapi: Error 403: forbidden for the test/.exec(said) ?? [];
      expect(type, said).toBeDefined();
      if (type === undefined) return;
      expect(await inconsistencies(on), `after ${type} failed`).toEqual([]);
      expect(failed).not.toContain(type);
      failed.push(type);
      allowed.add(type);
    }
    expect(await inconsistencies(on)).toEqual([]);
    expect(madeTwice(on)).toEqual([]);
    const types = new Set([...on.cloud.resources.values()].map(({ type }) => type));
    expect(failed.toSorted()).toEqual([...types].toSorted());
    expect(on.vertex.registry.versions("mrdata-two")).toHaveLength(1);
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
      expect(await inconsistencies(on)).toEqual([]);
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
