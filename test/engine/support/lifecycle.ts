import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { stacks } from "../../plan/stacks.ts";
import { differences, enginePlan, reviewedPlan } from "./engine-plan.ts";
import { type EngineStack, openEngineStack } from "./engine-stack.ts";
import { engine, engineTest } from "./engine-test.ts";

export type Change = {
  /** A setting and its new value. */
  readonly setting: readonly [string, string];
  /** Exactly what the cloud is told to do then, in any order. */
  readonly changes: readonly string[];
};

const UP = ["up", "--yes", "--skip-preview"];
const golden = (name: string) => readFileSync(join(import.meta.dirname, `../../golden/${name}.json`), "utf8");
const isOfCloud = ({ type }: { readonly type: string }) => type.startsWith("gcp:");

/** What holds of a stack from its first preview to its last `up`; each test goes on where the one before it ended. */
export function lifecycle(name: keyof typeof stacks, { setting, changes }: Change): void {
  const reviewed = reviewedPlan(golden(name));
  const config: Readonly<Record<string, string>> = stacks[name];
  const isProtected = reviewed.some((one) => one.protect);
  let on: EngineStack;

  beforeAll(async () => {
    if (engine.available) on = await openEngineStack(name, engine.binary);
  });
  afterAll(async () => {
    if (engine.available) await on.remove();
  });

  const without = (what: string) => config[what] !== undefined;
  const everything = () => ({
    ...config,
    ...Object.fromEntries(Object.entries(on.addresses).filter(([key]) => without(key))),
  });

  describe(`the stack ${name} on the real engine`, () => {
    engineTest("is planned as it was reviewed", async () => {
      await on.configure(config);
      const { stdout } = await on.stack.must(["preview", "--json"]);
      expect(differences(enginePlan(stdout), reviewed)).toEqual([]);
    });

    engineTest("comes up at once, each resource made once and after all that it refers to", async () => {
      await on.configure(everything());
      const made = await on.changes(() => on.stack.must(UP));
      expect(made.toSorted()).toEqual(
        reviewed
          .filter(isOfCloud)
          .map((one) => `create ${one.type.split(":").at(-1)} ${one.name}`)
          .toSorted(),
      );
    });

    engineTest("has nothing to change afterwards, refreshed and planned again", async () => {
      expect(await on.changes(() => on.stack.must(["refresh", "--yes", "--skip-preview"]))).toEqual([]);
      await on.stack.must(["preview", "--expect-no-changes"]);
    });

    engineTest(
      "a changed byte in one bundle is another object and another revision of its function",
      async () => {
        const entry = "packages/functions/src/record/entry.ts";
        const source = readFileSync(join(on.project.folder, entry), "utf8");
        on.project.write(entry, `${source}\nprocess.title = "another byte";\n`);
        // The new object is there before the function is told, and the old one goes last.
        expect(await on.changes(() => on.stack.must(UP))).toEqual([
          "create BucketObject record-source",
          "update Function record-function",
          "delete BucketObject record-source",
        ]);
      },
    );

    engineTest(`another ${setting[0]} changes what it is about and nothing else`, async () => {
      await on.configure({ ...everything(), [setting[0]]: setting[1] });
      expect((await on.changes(() => on.stack.must(UP))).toSorted()).toEqual(changes.toSorted());
    });

    if (isProtected)
      engineTest(
        "refuses to destroy what is protected, and says how; without it, the rest goes",
        async () => {
          const before = on.cloud.resources.size;
          const { code, stdout, stderr } = await on.stack.pulumi(["destroy", "--yes"]);
          expect(code).not.toBe(0);
          expect(stdout + stderr).toMatch(
            /ledger-database"? cannot be deleted\s+because it is protected\. To unprotect the resource, either remove the `protect` flag .* or use the command/,
          );
          expect(on.cloud.resources.size).toBe(before);
          await on.stack.must(["destroy", "--yes", "--skip-preview", "--exclude-protected"]);
          const kept = [...on.cloud.resources.values()].map(({ type }) => type.split(":").at(-1) ?? "");
          expect(kept).toContain("Database");
          expect(kept).not.toContain("Function");
        },
      );
    else
      engineTest("is destroyed whole, but for what the project shares", async () => {
        await on.stack.must(["destroy", "--yes", "--skip-preview"]);
        const kept = [...on.cloud.resources.values()].map(({ type }) => type.split(":").at(-1) ?? "");
        expect([...new Set(kept)].toSorted()).toEqual(["Service", "ServiceIdentity"]);
        expect(on.vertex.registry.models.size).toBe(0);
      });

    engineTest("comes up again", async () => {
      await on.stack.must(UP);
      const there = [...on.cloud.resources.values()].length;
      expect(there).toBe(reviewed.filter(isOfCloud).length);
    });
  });
}
