import { spawnSync } from "node:child_process";
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

/** Starts `up` and kills the CLI with -9 as soon as `reached` holds. */
async function killWhen(reached: () => boolean): Promise<void> {
  const running = on.stack.start(UP);
  const done = running.ended.then(() => true);
  while (!reached()) {
    const over = await Promise.race([done, new Promise<false>((resolve) => setTimeout(resolve, 20, false))]);
    if (over) throw new Error("up ended before it came that far");
  }
  const plugins = childrenOf(running.process.pid);
  running.process.kill("SIGKILL");
  // As when the machine goes down: what the CLI has started goes too.
  for (const pid of plugins) process.kill(-pid, "SIGKILL");
  await running.ended;
}

/** The processes that it started; Pulumi gives each plugin a group of its own. */
function childrenOf(pid: number | undefined): readonly number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

engineTest(
  "killed while Google makes functions and Vertex AI takes the model in, a mended stack goes on, and nothing is made twice",
  async () => {
    // The provider is a child of the CLI: what it was about to ask for is not asked for any more.
    let waiting = 0;
    let giveUp = () => {};
    const dead = new Promise<void>((resolve) => {
      giveUp = resolve;
    });
    on.cloud.beforeCreate = async (type) => {
      if (!type.includes("cloudfunctionsv2")) return null;
      waiting += 1;
      await dead;
      return new Error("the provider was killed");
    };
    on.vertex.looksNeeded = 1_000_000;
    const isUploading = () => on.vertex.calls.some((call) => call.endsWith("models:upload"));
    const isQuiet = quietFor(2_000);
    await killWhen(() => waiting > 0 && isUploading() && isQuiet());
    giveUp();
    on.cloud.beforeCreate = () => null;
    // Google goes on without us.
    on.vertex.looksNeeded = 1;

    const locked = await on.stack.pulumi(UP);
    expect(locked.code).not.toBe(0);
    expect(locked.stdout + locked.stderr).toContain("currently locked");
    await on.stack.must(["cancel", "--yes"]);
    await on.stack.must(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
    expect(await inconsistencies(on)).toEqual([]);
    await on.stack.must(UP);
    expect(await inconsistencies(on)).toEqual([]);
    expect(madeTwice(on)).toEqual([]);
    expect(on.vertex.calls.filter((call) => call.endsWith("models:upload"))).toHaveLength(1);
    expect(on.vertex.registry.versions("mrdata-two")).toMatchObject([
      { id: "1", aliases: ["default", "v1"] },
    ]);
    await on.stack.must(["preview", "--expect-no-changes"]);
  },
);

/** Whether the cloud was told nothing for so long: then all that does not wait is done, and written down. */
function quietFor(milliseconds: number): () => boolean {
  let seen = -1;
  let since = 0;
  return () => {
    if (on.cloud.done.length !== seen) {
      seen = on.cloud.done.length;
      since = Date.now();
    }
    return Date.now() - since > milliseconds;
  };
}
