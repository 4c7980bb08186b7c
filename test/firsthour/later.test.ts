import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { type EngineStack, openEngineStack } from "../engine/support/engine-stack.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { inconsistencies } from "../failures/consistent.ts";
import { stacks } from "../plan/stacks.ts";
import { switchedOn } from "./switched-on.ts";

const UP = ["up", "--yes", "--skip-preview"];
const RECEIVE = "projects/everything-project/locations/europe-west1/functions/mrdata-receive-two";
const entry = "packages/functions/src/receive/entry.ts";
let on: EngineStack;

beforeAll(async () => {
  if (!engine.available) return;
  on = await openEngineStack("everything", engine.binary);
  await on.configure({ ...stacks.everything, ...on.addresses });
});
afterAll(async () => {
  if (engine.available) await on.remove();
});

/** What holds whenever an `up` has ended well. */
async function expectWell(): Promise<void> {
  expect(await inconsistencies(on)).toEqual([]);
  expect(on.cloud.resources.get(RECEIVE)?.props.state).toBe("ACTIVE");
  // Whoever calls it may call the one that is there now.
  expect([...on.cloud.resources.keys()].filter((id) => id.startsWith(`${RECEIVE} roles/`))).toEqual([
    `${RECEIVE} roles/run.invoker allUsers`,
  ]);
  expect(await switchedOn(on)).toEqual([true]);
  await on.stack.must(["preview", "--expect-no-changes"]);
}

/** Deleted first, with what may call it; in the cloud the grant has gone with the function. */
const MADE_AGAIN = [
  "delete Function receive-function",
  "create Function receive-function",
  "create IamMember receive-invoked-by-anyone",
];

describe("a function that runs, and later does not", () => {
  engineTest("is gone at Google: up does not end with 0, and says what makes it again", async () => {
    await on.stack.must(UP);
    await expectWell();
    on.cloud.tamper(RECEIVE, null);
    const { code, stdout, stderr } = await on.stack.pulumi(UP);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("mrdata-receive-two is not there at Google");
    await on.stack.must([...UP, "--refresh"]);
    await expectWell();
  });

  engineTest(
    "is made again by the next up, with the grant of who calls it, and PagerDuty sends again",
    async () => {
      on.cloud.tamper(RECEIVE, (props) => ({ ...props, state: "FAILED" }));
      const changes = await on.changes(() => on.stack.must(UP));
      expect(changes).toEqual(expect.arrayContaining(MADE_AGAIN));
      expect(changes.filter((change) => !change.includes("receive-"))).toEqual([]);
      await expectWell();
    },
  );

  engineTest(
    "whose new build fails does not end with 0, and is made again once the build does not fail",
    async () => {
      const source = readFileSync(join(on.project.folder, entry), "utf8");
      on.project.write(entry, `${source}\nprocess.title = "another byte";\n`);
      on.cloud.builds = (name) => (name.includes("receive") ? "Build failed with status: FAILURE." : null);
      const { code, stdout, stderr } = await on.stack.pulumi(UP);
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain("Build failed with status: FAILURE.");
      on.cloud.builds = () => null;
      const changes = await on.changes(() => on.stack.must(UP));
      expect(changes).toEqual(expect.arrayContaining(MADE_AGAIN));
      await expectWell();
    },
  );

  engineTest("is replaced by force, too: its name is free before it is taken again", async () => {
    const urn = `urn:pulumi:everything::mrdata::mrdata:functions:FunctionDeployment$gcp:cloudfunctionsv2/function:Function::receive-function`;
    const changes = await on.changes(() => on.stack.must([...UP, "--replace", urn]));
    expect(changes).toEqual(expect.arrayContaining(MADE_AGAIN));
    await expectWell();
  });
});
