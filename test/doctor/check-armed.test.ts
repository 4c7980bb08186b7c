import { checkArmed, verifiedModelCards } from "@mrdata/doctor";
import { defaultSettings, disarmService, type ModelStore, type Settings, withMode } from "@mrdata/platform";
import { readEnvironment } from "@mrdata/runtime";
import { beforeAll, expect, test } from "vitest";
import { FALLBACK_POLICY } from "../simulation/small-account.ts";
import { modelsOf, someVersion } from "../support/trained-version.ts";
import {
  ARMED_POLICY,
  BOT,
  type CheckedAccount,
  checkedAccount,
  DAY,
  HOUR,
  PRIMARY,
  ROBIN,
  rules,
  SERVICE,
  START,
} from "./checked-account.ts";

let models: ModelStore;
beforeAll(async () => {
  models = modelsOf({ v1: await someVersion(START) });
});

const SHOP = "PSHOP";
const SHOP_POLICY = "PSHOPARMED";
const byTest = { who: ROBIN, at: START, why: "a test" };
const bothArmed = withMode(
  withMode(defaultSettings, SERVICE, { mode: "armed", policy: ARMED_POLICY }, byTest),
  SHOP,
  { mode: "armed", policy: SHOP_POLICY },
  byTest,
);
const shop = {
  id: SHOP,
  name: "Shop",
  policyId: SHOP_POLICY,
  urgency: "high" as const,
  autoResolveTimeout: null,
  acknowledgementTimeout: null,
};

/** Two armed services, each under a policy of its own. */
async function twoArmed() {
  const account = await checkedAccount({ models });
  account.pagerduty.setPolicy({ id: SHOP_POLICY, name: "Shop, Mr Data first", repeat: 0, rules: rules(5) });
  account.pagerduty.setService(shop);
  return account;
}

const healthOf = ({ during, client, ledger, clock }: CheckedAccount, settings: Settings = bothArmed) =>
  during(
    checkArmed(
      { pagerduty: client, ledger, cardOf: verifiedModelCards(models, clock), clock, budget: null },
      settings,
      environment,
    ),
  );
const environment = readEnvironment({
  MRDATA_TARGET: "local:.",
  MRDATA_BOT_USER: BOT.id,
  MRDATA_FROM: BOT.email,
  MRDATA_FALLBACK_POLICY: FALLBACK_POLICY,
  MRDATA_WEBHOOK_URL: "http://function/receive",
});

test("two armed services with nothing wrong stay armed", async () => {
  const account = await twoArmed();
  const { failing, unknown } = await healthOf(account);
  expect([...failing.keys()]).toEqual([]);
  expect(unknown).toEqual([]);
  await account.close();
});

test("what fails of one service's policy, or of the service itself, concerns that service alone", async () => {
  const account = await twoArmed();
  account.arm(rules(30));
  const first = await healthOf(account);
  expect([...first.failing].map(([service, checks]) => [service, checks.map(({ name }) => name)])).toEqual([
    [SERVICE, ["level-1-timeout", "window"]],
  ]);
  account.arm(rules(5));
  account.pagerduty.setService({ ...shop, urgency: "low" });
  expect([...(await healthOf(account)).failing.keys()]).toEqual([SHOP]);
  await account.close();
});

test("what fails of the bot, the key, the webhooks or the model concerns all", async () => {
  const account = await twoArmed();
  await account.ledger.promote("v9");
  expect([...(await healthOf(account)).failing.keys()]).toEqual([SERVICE, SHOP]);
  await account.close();
});

test("a PagerDuty that does not answer is unknown, and disarms nobody", async () => {
  const account = await twoArmed();
  account.pagerduty.faults.set({ rest: "500" });
  const { failing, unknown } = await healthOf(account);
  expect([...failing.keys()]).toEqual([]);
  expect(unknown.map(({ name }) => name)).toEqual(["token"]);
  await account.close();
});

test("a service that was disarmed and whose policy still has the bot is told of, and disarms no other", async () => {
  const account = await twoArmed();
  const { failing, checks } = await healthOf(account, disarmService(bothArmed, SHOP, byTest));
  expect([...failing.keys()]).toEqual([]);
  expect(checks.filter(({ state }) => state !== "ok")).toMatchObject([
    {
      name: "policy-in-use",
      subject: SHOP,
      needed: false,
      fix: expect.stringMatching(/people only on Shop/),
    },
  ]);
  await account.close();
});

test("a gap on level 2 tomorrow counts when it is a day away, not a week", async () => {
  const account = await twoArmed();
  const gapFrom = (from: number) =>
    account.pagerduty.setSchedule({
      id: PRIMARY,
      name: "Primary",
      onCall: (at) => (at >= from && at < from + HOUR ? [] : [ROBIN]),
    });
  gapFrom(START + 7 * DAY);
  expect([...(await healthOf(account)).failing.keys()]).toEqual([]);
  gapFrom(START + 20 * HOUR);
  expect([...(await healthOf(account)).failing.keys()]).toEqual([SERVICE, SHOP]);
  await account.close();
});
