import { afterAll, beforeAll, describe, expect, onTestFinished, vi } from "vitest";
import { type EngineStack, openEngineStack } from "../engine/support/engine-stack.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { stacks } from "../plan/stacks.ts";
import { leaksOf, madeByPagerDuty, planted } from "../secrets/leaks.ts";

const MADE = "made by PagerDuty";

// What docs/deploy.md warns of and test/plan/workflows.test.ts refuses is so: it keeps the warning true.
describe("modes of Pulumi's command line that print secrets", () => {
  let on: EngineStack;
  beforeAll(async () => {
    if (!engine.available) return;
    on = await openEngineStack("everything", engine.binary, { checkpoints: "each" });
    await on.configure({ ...stacks.everything, ...on.addresses });
  }, 120_000);
  afterAll(async () => {
    if (engine.available) await on.remove();
  });
  /** The subscription, whose secret PagerDuty makes, and the component around it are all that is needed of the stack. */
  const SUBSCRIPTION = "**webhook-subscription";

  /** The secrets in what the command printed, after the subscription was made by it or is there. */
  async function printed(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const targets = ["--target", SUBSCRIPTION, "--target", "**::webhook"];
    const { stdout, stderr } = await on.stack.must([...args, ...targets], env);
    const made = await madeByPagerDuty(on.stack);
    return leaksOf([...planted, made], [["it", stdout + stderr]]).map((leak) =>
      leak.includes(made) ? MADE : "set by people",
    );
  }
  const gone = () => on.stack.must(["destroy", "--yes", "--skip-preview", "--target", SUBSCRIPTION]);

  engineTest("are not a plain `up`, with --diff or without", async () => {
    expect(await printed(["up", "--yes", "--skip-preview", "--diff"])).toEqual([]);
  });

  // The SDK's own messages hold whole answers: infra/sdk-diagnostics.ts leaves them out, unless it is told not to.
  for (const [mode, args, env] of [
    ["up --json", ["up", "--yes", "--skip-preview", "--json"], {}],
    ["--debug", ["up", "--yes", "--skip-preview", "--debug"], {}],
    [
      "PULUMI_ENABLE_STREAMING_JSON_PREVIEW",
      ["preview", "--json"],
      { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "1" },
    ],
  ] as const) {
    engineTest(`are ${mode} where the SDK says all that it does, and only there`, async () => {
      if (args[0] === "up") await gone();
      // The program has the environment of the language's host, which is this process.
      vi.stubEnv("MRDATA_PULUMI_DIAGNOSTICS", "1");
      onTestFinished(() => void vi.unstubAllEnvs());
      expect(await printed(args, env)).toEqual([MADE]);
      vi.unstubAllEnvs();
      if (args[0] === "up") await gone();
      expect(await printed(args, env)).toEqual([]);
    });
  }

  engineTest("are -v=9 --logtostderr", async () => {
    await gone();
    expect(await printed(["up", "--yes", "--skip-preview", "-v=9", "--logtostderr"])).toEqual([
      ...planted.map(() => "set by people"),
      MADE,
    ]);
  });
});
