import { beforeAll, describe, expect, test } from "vitest";
import { planOf } from "../plan/program.ts";
import { type StackName, stackNames, stacks } from "../plan/stacks.ts";
import { accessRules } from "./access.ts";
import { hardeningRules } from "./hardening.ts";
import { limitRules } from "./limits/index.ts";
import type { Ruled } from "./rule.ts";

const plans = new Map<StackName, Ruled>();

beforeAll(async () => {
  // One after the other: the program runs in this process, and Pulumi's runtime is one.
  for (const stack of stackNames) {
    const { resources } = await planOf(stack, stacks[stack]);
    plans.set(stack, { stack, resources, protect: stack !== "everything" });
  }
});

const planNamed = (stack: StackName): Ruled => {
  const plan = plans.get(stack);
  if (plan === undefined) throw new Error(`there is no plan of ${stack}`);
  return plan;
};

for (const [kind, rules] of Object.entries({
  access: accessRules,
  hardening: hardeningRules,
  limits: limitRules,
}))
  describe(kind, () => {
    for (const { name, broken, faults } of rules) {
      test(name, () => {
        for (const stack of stackNames) expect(broken(planNamed(stack)), stack).toEqual([]);
      });
      faults.forEach((fault, i) => {
        test(`${name}: fault ${i + 1} is seen`, () => {
          const plan = planNamed("everything");
          const resources = fault(plan.resources);
          expect(resources, "the fault changed nothing").not.toEqual(plan.resources);
          expect(broken({ ...plan, resources })).not.toEqual([]);
        });
      });
    }
  });
