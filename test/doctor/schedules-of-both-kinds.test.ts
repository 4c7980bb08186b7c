import type { Check } from "@mrdata/doctor";
import type { ModelStore } from "@mrdata/platform";
import type { ScheduleDescription, ShiftRotation } from "@mrdata/simulator";
import { beforeAll, describe, expect, test } from "vitest";
import { modelsOf, someVersion } from "../support/trained-version.ts";
import {
  ALEX,
  BOT,
  type CheckedAccount,
  checkedAccount,
  DAY,
  HOUR,
  PRIMARY,
  ROBIN,
  rules,
  START,
} from "./checked-account.ts";

let models: ModelStore;
beforeAll(async () => {
  models = modelsOf({ v1: await someVersion(START) });
});

const statesOf = (checks: readonly Check[]) =>
  Object.fromEntries(
    checks.filter(({ needed, state }) => needed && state !== "ok").map(({ name, state }) => [name, state]),
  );
const rotation = (members: ShiftRotation["members"], change: Partial<ShiftRotation> = {}): ShiftRotation => ({
  start: START - 7 * DAY,
  every: 12 * HOUR,
  length: 12 * HOUR,
  members,
  ...change,
});
/** The schedule of level 2, upgraded: the same id. */
const upgraded = (...rotations: readonly ShiftRotation[]): ScheduleDescription => ({
  id: PRIMARY,
  name: "Primary",
  rotations,
});

/** What is on the schedules, and which needed checks are not well. */
const cases: readonly {
  readonly of: string;
  readonly schedules: readonly ScheduleDescription[];
  readonly states: Readonly<Record<string, Check["state"]>>;
}[] = [
  { of: "people in turns", schedules: [upgraded(rotation([ROBIN, ALEX]))], states: {} },
  {
    of: "an upgrade that changes nothing but the kind",
    schedules: [{ id: PRIMARY, name: "Primary", kind: "shift-based", onCall: () => [ROBIN] }],
    states: {},
  },
  {
    of: "an upgrade of which v2 answers with another shape",
    schedules: [
      { ...upgraded(rotation([ROBIN, ALEX])), v2Answer: "other-shape" },
      { id: "PLAYERS", name: "Layers", onCall: () => [ALEX] },
    ],
    states: {},
  },
  {
    of: "several at once",
    schedules: [upgraded(rotation([ROBIN, ALEX], { strategy: "every-member" }), rotation([ALEX]))],
    states: {},
  },
  {
    of: "an empty member, covered by another rotation",
    schedules: [upgraded(rotation([ROBIN, null]), rotation([ALEX]))],
    states: {},
  },
  {
    of: "an empty member in turn, later",
    schedules: [upgraded(rotation([ROBIN, ALEX, ROBIN, null]))],
    states: { "level-2-gaps": "failed" },
  },
  {
    of: "an empty member now",
    schedules: [upgraded(rotation([null]))],
    states: { "level-2": "failed", "level-2-gaps": "failed" },
  },
  {
    of: "shifts with pauses between them",
    schedules: [upgraded(rotation([ROBIN], { length: 11 * HOUR }))],
    states: { "level-2-gaps": "failed" },
  },
  {
    of: "a rotation that ends",
    schedules: [upgraded(rotation([ROBIN], { end: START + 5 * DAY }))],
    states: { "level-2-gaps": "failed" },
  },
  {
    of: "the bot among the members, beside a person at the time",
    schedules: [upgraded(rotation([ROBIN]), rotation([BOT.id]))],
    states: { "bot-schedules": "failed" },
  },
  {
    of: "the bot in a turn of its own",
    schedules: [upgraded(rotation([ROBIN, BOT.id]))],
    states: { "bot-schedules": "failed", "level-2-gaps": "failed" },
  },
  {
    of: "the bot on another schedule of shifts, in a mixture",
    schedules: [
      upgraded(rotation([ROBIN])),
      { id: "PLAYERS", name: "Layers", onCall: () => [ALEX] },
      { id: "PSHIFTS", name: "Shifts", rotations: [rotation([ALEX, BOT.id], { start: START + 60 * DAY })] },
    ],
    states: { "bot-schedules": "failed" },
  },
  {
    of: "the bot on a schedule of layers, in a mixture",
    schedules: [
      upgraded(rotation([ROBIN])),
      { id: "PLAYERS", name: "Layers", layers: [{ start: START, turn: DAY, users: [ALEX, BOT.id] }] },
    ],
    states: { "bot-schedules": "failed" },
  },
];

describe("a schedule of shifts on level 2, with", () => {
  test.each(cases)("$of", async ({ schedules, states }) => {
    const account = await checkedAccount({ models });
    for (const schedule of schedules) account.pagerduty.setSchedule(schedule);
    expect(statesOf(await account.checks())).toEqual(states);
    await account.close();
  });
});

test("more schedules of shifts than a page has are all looked at", async () => {
  const account = await checkedAccount({ models });
  for (let i = 0; i < 130; i++)
    account.pagerduty.setSchedule({
      id: `PSHIFTS${i}`,
      name: `Shifts ${i}`,
      rotations: [rotation([i === 129 ? BOT.id : ALEX])],
    });
  const checks = await account.checks();
  expect(statesOf(checks)).toEqual({ "bot-schedules": "failed" });
  expect(checks.find(({ name }) => name === "bot-schedules")?.sentence).toContain("Shifts 129 (PSHIFTS129)");
  await account.close();
});

test("the sweep's checks find the bot by the shifts of the day, without a call for each schedule", async () => {
  const account = await checkedAccount({ models });
  account.pagerduty.setSchedule(upgraded(rotation([ROBIN], {}), rotation([BOT.id])));
  const states = statesOf(await account.checks({ everySchedule: false, lookAhead: DAY }));
  expect(states).toEqual({ "bot-schedules": "failed" });
  await account.close();
});

/** What of PagerDuty's does not answer as it should, by the path, and what is not known then. */
const unreadable: readonly {
  readonly path: RegExp;
  readonly status: number;
  readonly kind: "layer-based" | "shift-based";
  readonly states: Readonly<Record<string, Check["state"]>>;
}[] = [
  { path: /^\/v3\/schedules$/, status: 404, kind: "layer-based", states: { "bot-schedules": "unknown" } },
  { path: /^\/v3\/schedules$/, status: 400, kind: "shift-based", states: { "bot-schedules": "unknown" } },
  { path: /^\/schedules$/, status: 400, kind: "shift-based", states: { "bot-schedules": "unknown" } },
  // v3 is not there, v2 says that the schedule is none of layers: it does not exist, and reaches nobody.
  {
    path: /^\/v3\/schedules\/P/,
    status: 404,
    kind: "shift-based",
    states: { "level-2": "failed", "level-2-gaps": "failed", "bot-schedules": "unknown" },
  },
  // Not found in the one, and not of the kind of the other.
  {
    path: /^\/schedules\/P/,
    status: 404,
    kind: "layer-based",
    states: { "level-2": "unknown" },
  },
  {
    path: /^\/v3\/schedules\/P/,
    status: 400,
    kind: "shift-based",
    states: { "level-2": "unknown", "bot-schedules": "unknown" },
  },
];

describe("what cannot be read of schedules is unknown, never safe:", () => {
  test.each(unreadable)("$path answers $status, level 2 is $kind", async ({ path, status, kind, states }) => {
    const account = await checkedAccount({ models });
    account.pagerduty.setSchedule({ id: PRIMARY, name: "Primary", kind, onCall: () => [ROBIN] });
    expect(statesOf(await refusing(account, path, status))).toEqual(states);
    await account.close();
  });

  test("a member of a kind that is not known", async () => {
    const account = await checkedAccount({ models });
    account.pagerduty.setSchedule(upgraded(rotation([ROBIN])));
    const checks = await account.checks({}, async (_, ask) => {
      const answered = await ask();
      const text = await answered.text();
      return new Response(text.replaceAll("user_member", "team_member"), {
        status: answered.status,
        headers: answered.headers,
      });
    });
    expect(statesOf(checks)).toEqual({ "level-2": "unknown", "bot-schedules": "unknown" });
    await account.close();
  });
});

const refusing = (account: CheckedAccount, path: RegExp, status: number) =>
  account.checks({}, async (url, ask) =>
    path.test(new URL(url).pathname)
      ? new Response(JSON.stringify({ error: { message: "Not played", code: 2001 } }), { status })
      : ask(),
  );

test("what an armed policy's schedule of shifts is called stands in the fix", async () => {
  const account = await checkedAccount({ models });
  account.pagerduty.setSchedule(upgraded(rotation([null])));
  account.arm(rules(5));
  const gap = (await account.checks()).find(({ name }) => name === "level-2-gaps");
  expect(gap?.fix).toMatch(/Primary \(PPRIMARY\): add a shift, a layer or an override/);
  await account.close();
});
