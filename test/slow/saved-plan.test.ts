import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { type EngineStack, openEngineStack } from "../engine/support/engine-stack.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { stacks } from "../plan/stacks.ts";

// What .github/workflows/deploy.yml does on main: the plan that was made is what is done, and nothing else.
describe("a saved plan goes through", () => {
  let on: EngineStack;
  beforeAll(async () => {
    if (engine.available) on = await openEngineStack("everything", engine.binary);
  }, 120_000);
  afterAll(async () => {
    if (engine.available) await on.remove();
  });
  const plan = (): string => join(on.project.folder, "plan.json");

  engineTest("for a stack that is new, with everything on", async () => {
    await on.configure({ ...stacks.everything, ...on.addresses });
    await on.stack.must(["preview", "--diff", "--save-plan", plan()]);
    const made = await on.changes(() => on.stack.must(["up", "--plan", plan(), "--yes"]));
    expect(made.length).toBeGreaterThan(80);
    expect(await on.changes(() => on.stack.must(["preview", "--expect-no-changes"]))).toEqual([]);
  });

  engineTest("for a change, which is then the only one; and another change is refused", async () => {
    const changed = { ...stacks.everything, ...on.addresses, "mrdata:botEmail": "other@example.com" };
    await on.configure(changed);
    await on.stack.must(["preview", "--save-plan", plan()]);
    await on.configure({ ...changed, "mrdata:alertEmail": "night-watch@example.com" });
    const { code, stdout, stderr } = await on.stack.pulumi(["up", "--plan", plan(), "--yes"]);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(/violates plan/);
    await on.configure(changed);
    await on.stack.must(["preview", "--save-plan", plan()]);
    const done = await on.changes(() => on.stack.must(["up", "--plan", plan(), "--yes"]));
    expect(done.toSorted()).toEqual(["update Function respond-function", "update Function sweep-function"]);
  });
});
