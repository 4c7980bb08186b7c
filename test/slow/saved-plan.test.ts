import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { type EngineStack, openEngineStack } from "../engine/support/engine-stack.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { stacks } from "../plan/stacks.ts";

/** What the workflow runs once it is approved, word by word; the stack's name is told by who runs it. */
const commands = [
  ...readFileSync(join(import.meta.dirname, "../../.github/workflows/deploy.yml"), "utf8").matchAll(
    /^ +- run: npm run --silent pulumi -- (.+)$/gm,
  ),
].map(([, line = ""]) => line.replace('--stack "$PULUMI_STACK" ', "").split(" "));
const planned = commands.find((words) => words.includes("--save-plan")) ?? [];
const done = commands.find((words) => words.includes("--plan")) ?? [];

/** As where nothing is set: functions wait for grants, and alarms for metrics, which a preview does not. */
const WAITS = { "mrdata:grantWait": "1s" };

// What .github/workflows/deploy.yml does on main: the plan that was made is what is done, and nothing else.
describe("a saved plan goes through", () => {
  let on: EngineStack;
  beforeAll(async () => {
    if (engine.available) on = await openEngineStack("everything", engine.binary);
  }, 120_000);
  afterAll(async () => {
    if (engine.available) await on.remove();
  });

  engineTest("for a stack that is new, with everything on", async () => {
    await on.configure({ ...stacks.everything, ...on.addresses, ...WAITS });
    expect([planned[0], done[0]]).toEqual(["preview", "up"]);
    await on.stack.must(planned);
    const made = await on.changes(() => on.stack.must(done));
    expect(made.length).toBeGreaterThan(80);
    expect(await on.changes(() => on.stack.must(["preview", "--expect-no-changes"]))).toEqual([]);
  });

  engineTest("for a change, which is then the only one; and another change is refused", async () => {
    const changed = {
      ...stacks.everything,
      ...on.addresses,
      ...WAITS,
      "mrdata:botEmail": "other@example.com",
    };
    await on.configure(changed);
    await on.stack.must(planned);
    await on.configure({ ...changed, "mrdata:alertEmail": "night-watch@example.com" });
    const { code, stdout, stderr } = await on.stack.pulumi(done);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(/violates plan/);
    await on.configure(changed);
    await on.stack.must(planned);
    const changes = await on.changes(() => on.stack.must(done));
    expect(changes.toSorted()).toEqual([
      "update Function respond-function",
      "update Function sweep-function",
    ]);
  });
});
