import type { Deployment } from "@mrdata/platform";
import { expect, test } from "vitest";
import { deploymentNote, variablesOf, withDeployment } from "./deployment.ts";
import { readEnvironment } from "./environment.ts";

const env = {
  MRDATA_TARGET: "gcp:my-project/mrdata",
  MRDATA_WINDOW: "10m",
  MRDATA_MODEL_MAX_AGE: "30d",
  MRDATA_BOT_USER: "PBOT",
  MRDATA_AUTOMATION_USERS: "PONE,PTWO",
  MRDATA_FROM: "mrdata@example.com",
  MRDATA_FALLBACK_POLICY: "PFALLBACK",
  MRDATA_PAGERDUTY_URL: "https://api.eu.pagerduty.com",
  MRDATA_WEBHOOK_URL: "https://receive.example.com/",
  MRDATA_MODEL_BUCKET: "models",
  MRDATA_SUFFIX: "-two",
  MRDATA_RETENTION: "400d",
};
const environment = readEnvironment({ ...env, MRDATA_PAGERDUTY_TOKEN: "a-secret" });

test("the variables read back as the environment that they were made from, and contain no secret", () => {
  const variables = variablesOf(environment);
  expect(readEnvironment({ MRDATA_TARGET: env.MRDATA_TARGET, ...variables })).toEqual(environment);
  expect(JSON.stringify(variables)).not.toContain("a-secret");
  const bare = readEnvironment({ MRDATA_TARGET: "local:." });
  expect(readEnvironment({ MRDATA_TARGET: "local:.", ...variablesOf(bare) })).toEqual(bare);
});

test("is recorded once, again after a failure, and by a bot that only listens, too", async () => {
  const noted: Deployment[] = [];
  let fails = true;
  const ledger = {
    noteDeployment: async (deployment: Deployment) => {
      if (fails) throw new Error("the ledger is down");
      noted.push(deployment);
    },
  };
  const note = deploymentNote(ledger, environment, () => 7);
  await expect(note()).rejects.toThrow("the ledger is down");
  fails = false;
  for (let i = 0; i < 3; i++) await note();
  expect(noted).toEqual([{ at: 7, environment: variablesOf(environment) }]);
  await deploymentNote(ledger, { ...environment, MRDATA_BOT_USER: null }, () => 8)();
  expect(noted[1]).toMatchObject({ at: 8, environment: { MRDATA_WINDOW: "600s" } });
});

test("the caller's variables take precedence, and an empty variable counts as unset", () => {
  const deployment = { at: 0, environment: { MRDATA_WINDOW: "5m", MRDATA_FROM: "a@example.com" } };
  expect(withDeployment(deployment, { MRDATA_WINDOW: "10m", MRDATA_FROM: "", OTHER: undefined })).toEqual({
    MRDATA_WINDOW: "10m",
    MRDATA_FROM: "a@example.com",
  });
  expect(withDeployment(null, { A: "1" })).toEqual({ A: "1" });
});
