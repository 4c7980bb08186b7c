import { createPagerDuty } from "@mrdata/pagerduty";
import {
  createDiscreteClock,
  createPagerDutyDouble,
  type PolicyDescription,
  substream,
} from "@mrdata/simulator";
import { expect, test } from "vitest";
import { runDrill } from "./run-drill.ts";

const START = Date.parse("2026-03-02T03:00:00Z");
const MINUTE = 60_000;
const user = (id: string) => ({ type: "user", id }) as const;
const BOT = "PBOT";

/** A drill on one service under this policy, with nobody who acts for the bot; `meanwhile` happens a minute after. */
async function drilled(
  rules: PolicyDescription["rules"],
  meanwhile: (pagerduty: ReturnType<typeof createPagerDutyDouble>, incident: string) => void = () => {},
) {
  const clock = createDiscreteClock(START);
  const pagerduty = createPagerDutyDouble({
    clock,
    random: substream(() => 0.5),
    account: {
      users: [
        { id: BOT, name: "Mr Data", email: "mrdata@example.com", bot: true },
        { id: "PROBOT", name: "Another program", email: "robot@example.com", bot: true },
        { id: "PROBIN", name: "Robin", email: "robin@example.com" },
      ],
      schedules: [],
      policies: [{ id: "PARMED", name: "Armed", repeat: 0, rules }],
      services: [
        {
          id: "PDATABASE",
          name: "Database",
          policyId: "PARMED",
          urgency: "high",
          autoResolveTimeout: null,
          acknowledgementTimeout: null,
        },
      ],
      restTokens: [{ token: "a-token", scopes: "full" }],
    },
  });
  let done = false;
  const drill = runDrill(
    {
      clock,
      pagerduty: createPagerDuty({
        auth: { kind: "token", token: async () => "a-token" },
        from: "mrdata@example.com",
        clock,
        fetch: pagerduty.fetch,
      }),
    },
    {
      service: "PDATABASE",
      key: "drill",
      bot: BOT,
      automations: ["PROBOT"],
      windowMs: 5 * MINUTE,
      onOpened: (incident) => {
        clock.schedule(START + MINUTE, () => meanwhile(pagerduty, incident));
      },
    },
  ).finally(() => {
    done = true;
  });
  drill.catch(() => {});
  clock.schedule(START + 60 * MINUTE, () => {});
  await clock.run(() => done);
  return drill;
}

test("people on level 2 are reached by PagerDuty itself when the window ends", async () => {
  expect(
    await drilled([
      { delayMinutes: 5, targets: [user(BOT)] },
      { delayMinutes: 15, targets: [user("PROBIN")] },
    ]),
  ).toMatchObject({
    person: "PROBIN",
    notifiedAfterSeconds: 300,
    by: "pagerduty",
    throughBot: true,
    reached: true,
  });
});

test("a policy with only programs reaches nobody, and the drill ends a minute after the window", async () => {
  expect(
    await drilled([
      { delayMinutes: 5, targets: [user(BOT)] },
      { delayMinutes: 15, targets: [user("PROBOT")] },
    ]),
  ).toMatchObject({
    person: null,
    notifiedAfterSeconds: null,
    by: null,
    reached: false,
    allowedSeconds: 360,
  });
});

test("a level 1 that lasts longer than the window pages too late", async () => {
  expect(
    await drilled([
      { delayMinutes: 30, targets: [user(BOT)] },
      { delayMinutes: 15, targets: [user("PROBIN")] },
    ]),
  ).toMatchObject({ reached: false });
});

test("the log shows that the bot passed it on", async () => {
  const drill = await drilled(
    [
      { delayMinutes: 5, targets: [user(BOT)] },
      { delayMinutes: 15, targets: [user("PROBIN")] },
    ],
    (pagerduty, incident) => pagerduty.escalate(incident, BOT, 2),
  );
  expect(drill).toMatchObject({ person: "PROBIN", notifiedAfterSeconds: 60, by: "bot", reached: true });
});
