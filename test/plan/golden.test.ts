import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { normalised } from "./normalise.ts";
import { planOf } from "./program.ts";
import { plantedSecrets, stackNames, stacks } from "./stacks.ts";

const fileOf = (stack: string): string => join(import.meta.dirname, "../golden", `${stack}.json`);
const renew = process.env.RENEW_GOLDEN === "1";
const command = "RENEW_GOLDEN=1 npm test -- test/plan/golden.test.ts";

describe("the plan is the one that was reviewed", () => {
  for (const stack of stackNames)
    test(stack, async () => {
      const plan = normalised(await planOf(stack, stacks[stack]));
      for (const secret of plantedSecrets) expect(plan).not.toContain(secret);
      if (renew) writeFileSync(fileOf(stack), plan);
      const reviewed = existsSync(fileOf(stack)) ? readFileSync(fileOf(stack), "utf8") : "";
      expect(plan, `test/golden/${stack}.json is stale: renew it with ${command} and review it`).toBe(
        reviewed,
      );
    });
});
