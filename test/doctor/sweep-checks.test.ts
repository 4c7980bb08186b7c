import { armedServices, defaultSettings, type ModelStore, withMode } from "@mrdata/platform";
import { beforeAll, expect, test } from "vitest";
import { sweepNow } from "../simulation/simulated-bot.ts";
import { modelsOf, someVersion } from "../support/trained-version.ts";
import {
  ARMED_POLICY,
  BOT,
  type CheckedAccount,
  checkedAccount,
  MINUTE,
  PRIMARY,
  ROBIN,
  rules,
  SERVICE,
} from "./checked-account.ts";

let models: ModelStore;
beforeAll(async () => {
  models = modelsOf({ v1: await someVersion(Date.parse("2026-03-02T03:00:00Z")) });
});

const SHOP = "PSHOP";
const SHOP_POLICY = "PSHOPARMED";

/** Two armed services of a bot whose sweep runs the checks, and a quarter of an hour of it. */
async function armedBot() {
  const account = await checkedAccount({ models });
  const { pagerduty, ledger, subscription } = account;
  pagerduty.setPolicy({ id: SHOP_POLICY, name: "Shop, Mr Data first", repeat: 0, rules: rules(5) });
  pagerduty.setService({
    id: SHOP,
    name: "Shop",
    policyId: SHOP_POLICY,
    urgency: "high",
    autoResolveTimeout: null,
    acknowledgementTimeout: null,
  });
  // The functions of the simulation know no public URL: theirs is told by its description.
  pagerduty.setSubscription((await subscription()).id, { description: "Mr Data" });
  const byTest = { who: ROBIN, at: 0, why: "a test" };
  const one = withMode(defaultSettings, SERVICE, { mode: "armed", policy: ARMED_POLICY }, byTest);
  await ledger.saveSettings(withMode(one, SHOP, { mode: "armed", policy: SHOP_POLICY }, byTest));
  return account;
}

async function quarter({ during, clock, handlers }: CheckedAccount): Promise<void> {
  await during(clock.sleep(15 * MINUTE - (clock.now() % (15 * MINUTE))));
  await during(sweepNow(handlers.sweep));
}
const armed = async ({ ledger }: CheckedAccount) => armedServices(await ledger.settings());
const logged = ({ logged: entries }: CheckedAccount, event: string) =>
  entries.filter((entry) => entry.event === event);

test("while everything holds the sweep leaves both armed, quarter after quarter", async () => {
  const account = await armedBot();
  for (let i = 0; i < 3; i++) await quarter(account);
  expect(await armed(account)).toEqual([SERVICE, SHOP]);
  expect(logged(account, "check.failed")).toEqual([]);
  expect(logged(account, "check.unknown")).toEqual([]);
  await account.close();
});

test("a policy that was edited disarms its service, with an alarm that names the fix, and the other stays", async () => {
  const account = await armedBot();
  account.arm(rules(30));
  await quarter(account);
  expect(await armed(account)).toEqual([SHOP]);
  expect(logged(account, "check.failed")).toMatchObject([
    {
      severity: "CRITICAL",
      service: SERVICE,
      check: "level-1-timeout",
      fix: expect.stringMatching(/escalate after 5 minutes/),
    },
  ]);
  // The bot is still on the disarmed one's policy: that disarms nobody else.
  await quarter(account);
  expect(await armed(account)).toEqual([SHOP]);
  await account.close();
});

test("a gap on level 2 that has come disarms all whose people it was", async () => {
  const account = await armedBot();
  account.pagerduty.setSchedule({ id: PRIMARY, name: "Primary", onCall: () => [] });
  await quarter(account);
  expect(await armed(account)).toEqual([]);
  await account.close();
});

test("a PagerDuty that does not answer is told, and disarms nobody", async () => {
  const account = await armedBot();
  await account.during(account.clock.sleep(14 * MINUTE));
  account.pagerduty.faults.set({ rest: "500" });
  await quarter(account);
  expect(await armed(account)).toEqual([SERVICE, SHOP]);
  expect(logged(account, "check.unknown")).toMatchObject([{ severity: "WARNING", check: "token" }]);
  await account.close();
});

test("a ping that is late, for the bus is slow, disarms nobody; one that never comes disarms all", async () => {
  const account = await armedBot();
  await quarter(account);
  account.bus.setFaults({ duplicate: 0, delay: 1, latest: 40_000, refuse: 0 });
  for (let i = 0; i < 4; i++) await quarter(account);
  expect(await armed(account)).toEqual([SERVICE, SHOP]);
  expect(logged(account, "check.unknown")).toContainEqual(
    expect.objectContaining({ severity: "WARNING", check: "webhook-secret" }),
  );
  account.bus.setFaults({ duplicate: 0, delay: 0, latest: 0, refuse: 1 });
  for (let i = 0; i < 3; i++) await quarter(account);
  expect(await armed(account)).toEqual([]);
  expect(logged(account, "check.failed")[0]).toMatchObject({ severity: "CRITICAL", check: "webhook-secret" });
  await account.close();
});

test("the bot notes its environment, without secrets, for whoever looks at it from outside", async () => {
  const account = await armedBot();
  await quarter(account);
  const deployment = await account.ledger.deployment();
  expect(deployment?.environment).toMatchObject({ MRDATA_WINDOW: "300s", MRDATA_BOT_USER: BOT.id });
  expect(JSON.stringify(deployment)).not.toMatch(/token|secret/i);
  await account.close();
});
