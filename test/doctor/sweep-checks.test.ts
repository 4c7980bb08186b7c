import { armedServices, defaultSettings, type ModelStore, withMode } from "@mrdata/platform";
import { beforeAll, expect, test } from "vitest";
import { sweepNow } from "../simulation/simulated-bot.ts";
import { FALLBACK_POLICY } from "../simulation/small-account.ts";
import { aPrediction } from "../support/predictions.ts";
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
const checkedAccountWithoutFallback = () => armedBot(null);
async function armedBot(fallbackPolicy: string | null = FALLBACK_POLICY) {
  const account = await checkedAccount({ models, fallbackPolicy });
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

const MINUTES_15 = 15 * MINUTE;
/** Plays the minutes, each with its sweep. */
async function play(account: CheckedAccount, minutes: number): Promise<void> {
  for (let i = 0; i < minutes; i++) {
    await account.during(account.clock.sleep(MINUTE - (account.clock.now() % MINUTE)));
    await account.during(sweepNow(account.handlers.sweep));
  }
}
/** Who is on call on level 2 cannot be read: v3 says that the schedule is of layers, and v2 does not know it. */
const hideLevelTwo = ({ pagerduty }: CheckedAccount) =>
  pagerduty.faults.add({ kind: "404", probability: 1, endpoint: { method: "GET", path: "/schedules/:id" } });
const stored = async ({ ledger }: CheckedAccount) => (await ledger.lastChecks()).unknown;

test("what is unknown for 15 minutes is not relied on: nothing is held, an alarm goes out, and the first good answer ends it", async () => {
  const account = await armedBot();
  const { pagerduty, ledger } = account;
  await quarter(account);
  await ledger.saveSettings({ ...(await ledger.settings()), control: 0 });
  const verdict = async (title: string) => {
    pagerduty.trigger({ serviceId: SERVICE, dedupKey: title, title });
    await account.during(account.clock.sleep(5_000));
    const made = pagerduty.incidents().at(-1)?.id ?? "";
    return (await ledger.prediction(made))?.verdicts.find(({ name }) => name === "checks");
  };
  const { answeredAt } = await ledger.lastChecks();
  if (answeredAt === null) throw new Error("nothing was checked");
  /** Since the checks that were answered last. */
  const until = (time: number) =>
    account.during(account.clock.sleep(answeredAt + time - account.clock.now()));
  // Right behind them, so that the next ones find it ten minutes later.
  const showLevelTwo = hideLevelTwo(account);
  await play(account, 9);
  expect(await stored(account)).toEqual([]);
  await play(account, 2);
  const found = await stored(account);
  expect(new Set(found.map(({ service }) => service))).toEqual(new Set([SERVICE, SHOP]));
  expect(found.map(({ check }) => check)).toContain("level-2");
  expect(new Set(found.map((one) => one.since))).toEqual(new Set([answeredAt]));
  // It was asked again and again, and a person could have mended it so far.
  await play(account, 3);
  await until(MINUTES_15 - 10_000);
  expect((await stored(account)).map((one) => one.since)).toEqual(found.map((one) => one.since));
  expect(logged(account, "check.unreliable")).toEqual([]);
  expect(await verdict("early")).toMatchObject({ allowsHold: true });
  await until(MINUTES_15 + 1_000);
  expect(await verdict("late")).toMatchObject({
    allowsHold: false,
    sentence: expect.stringMatching(/has been unknown for 15 minutes/),
  });
  await play(account, 1);
  const alarms = logged(account, "check.unreliable");
  expect(new Set(alarms.map(({ service }) => service))).toEqual(new Set([SERVICE, SHOP]));
  expect(alarms.every(({ severity }) => severity === "CRITICAL")).toBe(true);
  await play(account, 10);
  expect(logged(account, "check.unreliable")).toHaveLength(alarms.length);
  expect(await armed(account)).toEqual([SERVICE, SHOP]);

  showLevelTwo();
  await play(account, 6);
  expect(await stored(account)).toEqual([]);
  expect(await verdict("again")).toMatchObject({ allowsHold: true });
  await account.close();
});

test("where nothing is checked any more nothing is held 15 minutes after the last answers, and it alarms", async () => {
  const account = await armedBot();
  const { pagerduty, ledger, clock, handlers, during } = account;
  await quarter(account);
  await ledger.saveSettings({ ...(await ledger.settings()), control: 0 });
  const answeredAt = (await ledger.lastChecks()).answeredAt ?? 0;
  const allowsHoldAt = async (time: number) => {
    await during(clock.sleep(answeredAt + time - clock.now()));
    pagerduty.trigger({ serviceId: SERVICE, dedupKey: `${time}`, title: `${time}` });
    await during(clock.sleep(5_000));
    const made = await ledger.prediction(pagerduty.incidents().at(-1)?.id ?? "");
    return made?.verdicts.find(({ name }) => name === "checks")?.allowsHold;
  };
  // The sweep is dead.
  expect(await allowsHoldAt(MINUTES_15 - 10_000)).toBe(true);
  expect(await allowsHoldAt(MINUTES_15 + 1_000)).toBe(false);
  // It comes back, and asks first: the answers end it, and nothing is left to alarm of.
  await during(sweepNow(handlers.sweep));
  expect(logged(account, "check.unreliable")).toEqual([]);
  expect(await allowsHoldAt(MINUTES_15 + 90_000)).toBe(true);
  await account.close();
});

test("what is held when the 15 minutes end is paged", async () => {
  const account = await armedBot();
  const { ledger, pagerduty, clock } = account;
  await quarter(account);
  pagerduty.faults.set({ webhooks: "lost" });
  pagerduty.trigger({ serviceId: SERVICE, dedupKey: "held", title: "held" });
  const [incident] = pagerduty.incidents();
  const openedAt = clock.now();
  await ledger.createPrediction({
    ...aPrediction({ incident: incident?.id ?? "", service: SERVICE }),
    mode: "armed",
    decision: "hold",
    openedAt,
    decidedAt: openedAt,
    holdUntil: openedAt + 5 * MINUTE,
    unsettled: true,
  });
  const unknown = { check: "level-2", sentence: "Nobody knows.", since: openedAt - MINUTES_15 + 2 * MINUTE };
  hideLevelTwo(account);
  const { answeredAt } = await ledger.lastChecks();
  const both = [SERVICE, "PGONE"].map((service) => ({ ...unknown, service }));
  await ledger.noteLastChecks({ answeredAt, unknown: both });
  await play(account, 1);
  expect(pagerduty.incident(incident?.id ?? "").assignees).toEqual([BOT.id]);
  // A service that is not armed is forgotten, so that it begins anew when it is armed.
  expect((await stored(account)).map(({ service }) => service)).toEqual([SERVICE]);
  await play(account, 2);
  expect(pagerduty.incident(incident?.id ?? "").assignees).toEqual([ROBIN]);
  expect(clock.now()).toBeLessThan(openedAt + 5 * MINUTE);
  await account.close();
});

test("where PagerDuty does not answer at all, what was unknown before stays so", async () => {
  const account = await armedBot();
  await quarter(account);
  hideLevelTwo(account);
  await play(account, 15);
  const before = await stored(account);
  account.pagerduty.faults.set({ rest: "500" });
  await play(account, 6);
  const after = await stored(account);
  expect(after).toEqual(expect.arrayContaining([...before]));
  expect(after.map(({ check }) => check)).toContain("token");
  await account.close();
});

test("low urgency and no fallback policy: what is armed alarms and is disarmed", async () => {
  const account = await checkedAccountWithoutFallback();
  account.pagerduty.setService({
    id: SHOP,
    name: "Shop",
    policyId: SHOP_POLICY,
    urgency: "low",
    autoResolveTimeout: null,
    acknowledgementTimeout: null,
  });
  await quarter(account);
  expect(await armed(account)).toEqual([]);
  const alarms = logged(account, "check.failed");
  expect(alarms.map(({ check }) => check)).toContain("fallback-policy");
  expect(alarms.every(({ severity }) => severity === "CRITICAL")).toBe(true);
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
