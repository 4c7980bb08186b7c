import { afterAll, beforeAll, describe, expect } from "vitest";
import { stacks } from "../plan/stacks.ts";
import { type EngineStack, openEngineStack } from "./support/engine-stack.ts";
import { engine, engineTest } from "./support/engine-test.ts";

describe("bad input, as the person at the command line sees it", () => {
  let on: EngineStack;
  beforeAll(async () => {
    if (engine.available) on = await openEngineStack("least", engine.binary);
  });
  afterAll(async () => {
    if (engine.available) await on.remove();
  });

  /** What `up` prints of this configuration; nothing may be made by it. */
  async function refused(config: Readonly<Record<string, string>>): Promise<string> {
    await on.configure(config);
    let output = "";
    const made = await on.changes(async () => {
      const { code, stdout, stderr } = await on.stack.pulumi(["up", "--yes", "--skip-preview"]);
      expect(code).not.toBe(0);
      output = stdout + stderr;
    });
    expect(made).toEqual([]);
    expect(output).not.toMatch(/^\s+at .*[:(]/m);
    return output;
  }

  engineTest(
    "all that is wrong is said at once, without a stack trace, before anything is made",
    async () => {
      const output = await refused({
        "mrdata:regoin": "us-central1",
        "mrdata:region": "mars",
        "mrdata:window": "1h",
        "mrdata:modelFolder": "/nowhere/v1",
      });
      for (const sentence of [
        "mrdata:regoin is not a setting; the nearest is mrdata:region: pulumi config rm regoin",
        "gcp:project is not set: pulumi config set gcp:project YOUR-PROJECT-ID",
        "mrdata:projectNumber is not set:",
        "mrdata:region 'mars' is not a region",
        "mrdata:window is 1h, and it is between 1m and 15m",
        "mrdata:modelFolder '/nowhere/v1' is refused: the model folder /nowhere/v1 is not there",
      ])
        expect(output).toContain(sentence);
    },
  );

  engineTest("a wrong type is a sentence of Pulumi's own, from what Pulumi.yaml declares", async () => {
    const output = await refused({ ...stacks.least, "mrdata:protect": "perhaps" });
    expect(output).toMatch(/configuration key 'protect' must be of type 'boolean'/);
  });
});
