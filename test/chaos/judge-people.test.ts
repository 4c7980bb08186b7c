import { createDiscreteClock, createPagerDutyDouble, substream } from "@mrdata/simulator";
import { describe, expect, test } from "vitest";
import { TOKEN } from "../simulation/simulated-bot.ts";
import { ALEX, ARMED_POLICY, BOT, ROBIN, SERVICE, smallAccount } from "../simulation/small-account.ts";
import { faults } from "./faults.ts";
import { keyOf } from "./incident-key.ts";
import { judgePeople } from "./judge-people.ts";
import { judgeSpells } from "./judge-spells.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const START = Date.parse("2026-03-02T03:00:00Z");

/** One incident, and a bot that is a hand at PagerDuty's REST API. */
function begin() {
  const clock = createDiscreteClock(START);
  const pagerduty = createPagerDutyDouble({
    clock,
    account: smallAccount(),
    random: substream(() => 0.5),
    deliverWebhook: async () => ({ status: 204 }),
  });
  const { incident } = pagerduty.trigger({ serviceId: SERVICE, dedupKey: "disk", title: "Disk is full" });
  if (incident === null) throw new Error("no incident was opened");
  const change = async (what: Readonly<Record<string, unknown>>): Promise<number> => {
    const { status } = await pagerduty.handle(
      new Request(`http://pagerduty/incidents/${incident}`, {
        method: "PUT",
        headers: { authorization: `Token token=${TOKEN}`, from: BOT.email },
        body: JSON.stringify({ incident: { type: "incident_reference", ...what } }),
      }),
    );
    return status;
  };
  const run = {
    faults: faults.filter(({ name }) => name === "none"),
    simulation: { clock, pagerduty },
    bot: BOT.id,
    people: new Set([ROBIN, ALEX]),
    windowMs: 5 * MINUTE,
    disarmedAt: [],
    spared: [],
    alone: null,
  };
  return {
    clock,
    pagerduty,
    incident,
    change,
    bySpells: () => judgeSpells(run, new Set()),
    byPeople: (pair: Partial<Parameters<typeof judgePeople>[0]> = {}) => judgePeople({ ...run, ...pair }),
  };
}

describe("a bot that escalates to itself twice a minute", () => {
  const escalatedToItself = async () => {
    const begun = begin();
    for (let at = START + 2 * SECOND; at < START + 3 * 60 * MINUTE; at += 30 * SECOND) {
      await begun.clock.run(at);
      expect(await begun.change({ escalation_level: 1 })).toBe(200);
    }
    return begun;
  };

  test("goes unnoticed by what judges each waiting time by itself", async () => {
    const { violations, worstDelay } = (await escalatedToItself()).bySpells();
    expect(violations).toEqual([]);
    expect(worstDelay).toBe(30 * SECOND);
  });

  test("is told by when the first person knew of it, by its repeats, and by the timer that it restarts", async () => {
    const { incident, byPeople } = await escalatedToItself();
    const { violations, worst, selfEscalations } = byPeople();
    expect(worst).toBeGreaterThan(2.9 * 60 * MINUTE);
    expect(selfEscalations).toBe(360);
    expect(violations).toEqual([
      expect.stringMatching(`no person knew of ${incident} for 10\\d{3}.* s: nobody`),
      expect.stringMatching(`${incident} was escalated by the bot to itself again .* one of 359 repeats`),
      expect.stringMatching(
        `restarted the timer of ${incident}, which would have reached a person after 298 s`,
      ),
    ]);
  });
});

describe("under a pair that takes both the bot and the people behind it", () => {
  /** A person is told after 30 minutes, because another assigns it. */
  const toldAfterHalfAnHour = async () => {
    const begun = begin();
    begun.pagerduty.acknowledge(begun.incident, BOT.id);
    await begun.clock.run(START + 30 * MINUTE);
    begun.pagerduty.reassign(begun.incident, ROBIN, [ROBIN]);
    const alone = (minutes: number): ReadonlyMap<string, number> =>
      new Map([[keyOf(begun.pagerduty.incident(begun.incident)), minutes * MINUTE]]);
    const at = (minute: number): number => START + minute * MINUTE;
    const judged = (from: number, to: number, minutesAlone: number, botBack = to) =>
      begun
        .byPeople({
          spared: [{ from: at(from), to: at(to), botBackAt: at(botBack) }],
          alone: alone(minutesAlone),
        })
        .violations.filter((violation) => violation.startsWith("no person"));
    return judged;
  };
  const late = [expect.stringMatching(/^no person knew of \w+ for 1800 s: told/)];

  test("what waits while both are on is late where PagerDuty alone would have told sooner", async () => {
    const judged = await toldAfterHalfAnHour();
    expect(judged(2, 26, 30)).toEqual([]);
    expect(judged(2, 26, 29)).toEqual(late);
  });

  test("what waits while only one is on is judged as ever, and so is what waits on when the bot is back", async () => {
    const judged = await toldAfterHalfAnHour();
    expect(judged(-60, -1, 30)).toEqual(late);
    expect(judged(31, 60, 30)).toEqual(late);
    expect(judged(2, 20, 30)).toEqual(late);
    expect(judged(2, 20, 30, 25)).toEqual([]);
  });
});

test("one escalation that tells nobody, and the next level at once, breaks nothing", async () => {
  const { clock, change, byPeople } = begin();
  await clock.run(START + SECOND);
  await change({ escalation_level: 1 });
  await change({ escalation_level: 2 });
  expect(byPeople()).toMatchObject({ violations: [], selfEscalations: 1, worst: SECOND });
});

test("an incident that another has had since may be escalated again", async () => {
  const { clock, pagerduty, incident, change, byPeople } = begin();
  for (const at of [1, 20]) {
    await clock.run(START + at * SECOND);
    await change({ escalation_level: 1 });
    pagerduty.reassign(incident, ROBIN, [ROBIN]);
    pagerduty.delegate(incident, ROBIN, ARMED_POLICY);
  }
  expect(byPeople()).toMatchObject({ violations: [], selfEscalations: 2 });
});

test("what closes within the window and a minute needs nobody, and a person who finds it by himself is one", async () => {
  const closes = begin();
  await closes.clock.run(START + 4 * MINUTE);
  closes.pagerduty.clear({ serviceId: SERVICE, dedupKey: "disk" });
  expect(closes.byPeople()).toMatchObject({ violations: [], worst: 0 });
  const found = begin();
  await found.clock.run(START + 3 * MINUTE);
  found.pagerduty.acknowledge(found.incident, ALEX);
  await found.clock.run(START + 60 * MINUTE);
  expect(found.byPeople()).toMatchObject({ violations: [], worst: 3 * MINUTE });
});

test("each reopening is counted anew", async () => {
  const { clock, pagerduty, incident, byPeople } = begin();
  await clock.run(START + MINUTE);
  pagerduty.resolve(incident, ROBIN);
  await clock.run(START + 2 * MINUTE);
  pagerduty.reopen(incident, ROBIN);
  await clock.run(START + 60 * MINUTE);
  expect(byPeople().openings).toMatchObject([
    { reopened: false, to: START + MINUTE, end: "acted" },
    { reopened: true, from: START + 2 * MINUTE, to: START + 7 * MINUTE, end: "told" },
  ]);
});
