import { applyChange, contributionOf, emptyRecord, type IncidentEvent, timelineOf } from "@mrdata/incident";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Circumstances } from "./circumstances.ts";
import { isControl } from "./control.ts";
import { decide } from "./decide.ts";
import { guardRails, judgeAll } from "./guard-rails.ts";
import {
  certificate,
  holdable,
  MINUTE,
  NOW,
  observationOf,
  recordOf,
  rules,
  WINDOW,
} from "./observation.fixture.ts";
import { certificate as certificateRail } from "./rails/model-rails.ts";
import { titleMatches } from "./rails/never-hold-rails.ts";
import { isWithinHours } from "./rails/time-rails.ts";
import { refusedPredictor } from "./refused-predictor.ts";
import type { Rules } from "./rules.ts";

const { observation, forecast, predictor } = holdable();
const by = (change: Partial<Rules>): Partial<Circumstances> => ({ settings: { ...rules, ...change } });
const never = (change: Partial<Rules["neverHold"]>) => by({ neverHold: { ...rules.neverHold, ...change } });
const seen = (change: Partial<typeof observation>) => ({ observation: { ...observation, ...change } });
const held = (change: Partial<NonNullable<Circumstances["held"]>>) => ({
  held: { alertType: 0, service: 0, ranOut: 0, onService: 0, anywhere: 0, ...change },
});
const refused = refusedPredictor("v3", WINDOW, "model version v3 is refused: it was trained 91 days ago");

const openedBefore = (ageMs: number): IncidentEvent => ({
  id: "E-open",
  type: "triggered",
  occurredAt: NOW - ageMs,
  actor: "integration",
  actorId: null,
  incident: "POPEN",
  snapshot: {
    title: "Disk full",
    service: "PDATABASE",
    serviceName: null,
    status: "triggered",
    urgency: "high",
    priority: null,
    assignees: [],
    escalationPolicy: null,
    teams: [],
    number: null,
    htmlUrl: null,
    createdAt: null,
  },
  note: null,
  mergedInto: null,
});

/** `count` misses within the last day. */
const missedWithinADay = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ incident: `Q${i}`, openedAt: NOW - i * MINUTE, missed: true }));

const objections: readonly [string, Partial<Circumstances>, RegExp][] = [
  ["settings", { settings: null }, /could not be read/],
  [
    "kill-switch",
    by({ disarmed: { why: "it flaps", who: "Robin", at: NOW } }),
    /by Robin at 2026-03-02 22:00 UTC: it flaps/,
  ],
  ["policy", { escalationPolicy: "POTHER" }, /policy POTHER, and the service is armed with PARMED/],
  ["policy", { escalationPolicy: null }, /none named/],
  ["policy", { waitsOnBot: false }, /does not wait on the bot alone/],
  ["never-hold", never({ services: ["pdatabase"] }), /service is on the list/],
  ["never-hold", { ...never({ priorities: ["p1"] }), ...seen({ priority: "P1" }) }, /priority P1/],
  ["never-hold", never({ urgencies: ["high"] }), /urgency 'high'/],
  ["never-hold", never({ titles: ["disk * full"] }), /matches 'disk \* full'/],
  [
    "feedback",
    { feedback: { hold: { allowed: false, who: "PROBIN", at: NOW, incident: "P7" } } },
    /PROBIN said on P7 never to hold/,
  ],
  [
    "checks",
    { unknownChecks: [{ check: "level-2", sentence: "Nobody knows.", since: NOW - 15 * MINUTE }] },
    /level-2 has been unknown for 15 minutes: Nobody knows/,
  ],
  ["checks", { unknownChecks: null }, /could not be read/],
  ["feedback", { feedback: null }, /could not be read/],
  ["person", { touchedByPerson: true }, /person opened/],
  ["urgency", seen({ urgency: "low" }), /not high/],
  ["deadline", { now: NOW + WINDOW - 1_000 }, /came late/],
  ["deadline", { now: NOW + 48 * 60 * MINUTE }, /came late/],
  [
    "maintenance",
    by({ maintenance: [{ service: null, from: NOW - 1, to: NOW + 2_000, why: "an upgrade" }] }),
    /an upgrade/,
  ],
  [
    "maintenance",
    by({ maintenance: [{ service: "PDATABASE", from: NOW + MINUTE, to: NOW + 2 * WINDOW, why: "soon" }] }),
    /soon/,
  ],
  [
    "hours",
    by({ hours: { zone: "UTC", from: "08:00", to: "18:00", days: null } }),
    /08:00 to 18:00 \(UTC\) only/,
  ],
  [
    "hours",
    by({ hours: { zone: "UTC", from: "20:00", to: "22:04", days: null } }),
    /20:00 to 22:04 \(UTC\) only, and this hold would last beyond that/,
  ],
  [
    "never-hold",
    { ...never({ titles: ["payment"] }), ...seen({ title: "pay\u200bment failed" }) },
    /'payment'/,
  ],
  [
    "miss-budget",
    { misses: { services: ["PDATABASE"], misses: 4, neededHuman: 20, trail: missedWithinADay(4) } },
    /The miss budget is spent: 4 incidents .* within a day, and 4 stop the bot\. 4 of 20 .*20\.0 %/,
  ],
  ["miss-budget", { misses: null }, /could not be read/],
  ["storm", { opened: 10 }, /A storm: 10 incidents opened within 10 minutes, where 0\.0 are usual/],
  ["storm", { opened: null }, /could not be read/],
  ["held-before", held({ ranOut: 1 }), /held to the end of its window within the hour/],
  ["held-before", held({ alertType: WINDOW + 1_000 }), /alert has been held for 5 min within the hour/],
  ["held-before", held({ service: 2 * WINDOW + MINUTE }), /service has been held for 11 min/],
  ["held-before", { held: null }, /could not be read/],
  [
    "needed-human-lately",
    { ...by({ rails: { "needed-human-lately": 60 } }), ...seen({ serviceRecords: [recordOf(9, 1)] }) },
    /1 incident of this service needed a human in the last 60 minutes/,
  ],
  [
    "needed-human-lately",
    {
      ...by({ rails: { "needed-human-lately": 120 } }),
      ...seen({ serviceRecords: [recordOf(9, 1), recordOf(0, 2)] }),
    },
    /3 incidents of this service needed a human in the last 120 minutes/,
  ],
  ["caps", held({ onService: 10 }), /10 holds within the hour, and 10 are the most/],
  ["caps", held({ anywhere: 40 }), /40 in all are the most/],
  [
    "model",
    { predictor: refused, forecast: refused.predict(observation) },
    /no model to go by: .*91 days ago/,
  ],
  ["window", { predictor: { ...predictor, windowMs: 2 * WINDOW } }, /600 s, and this one is 300 s/],
  ["novelty", seen({ nameRecords: [[recordOf(4)], [], []] }), /seen 4 times, and 5 are needed/],
  ["novelty", seen({ nameRecords: [[recordOf(1)], [], []] }), /seen 1 time,/],
  ["own-past", seen({ nameRecords: [[recordOf(0, 5)], [], []] }), /0 of 5 incidents of this alert itself/],
  [
    "own-past",
    seen({ nameRecords: [[recordOf(6, 6)], [], []] }),
    /6 of 12 .* is believed of it, and it takes 80 %/,
  ],
  ["history", seen({ serviceRecords: [recordOf(3, 1)] }), /outcomes of 4 incidents .* and 5 are needed/],
  [
    "features",
    { forecast: { ...forecast, outside: ["how many opened in the last hour"] } },
    /nothing like it/,
  ],
  [
    "details",
    {
      forecast: {
        ...forecast,
        unlike: ["every incident that it learnt from had its zone, and this one has none"],
      },
    },
    /nothing like it: every incident .* had its zone/,
  ],
  ["prediction", { forecast: { ...forecast, probability: null, abstained: "it failed" } }, /it failed/],
  ["threshold", { forecast: { ...forecast, probability: 0.2 } }, /20 % against the 80 %/],
  ["threshold", { predictor: { ...predictor, threshold: null } }, /not good enough/],
  [
    "certificate",
    { predictor: { ...predictor, certificate: null } },
    /no certificate .* 'mrdata train --promote'/,
  ],
  [
    "certificate",
    by({ missBudget: 0.05 }),
    /certified for a miss budget of 10 %, and 5 % is set: 'mrdata train --promote'/,
  ],
  ["certificate", by({ missBudget: 0 }), /certified for a miss budget of 10 %, and 0 % is set/],
  [
    "certificate",
    { predictor: { ...predictor, certificate: { ...certificate, budget: 0.5, delta: 0.5 } } },
    /certified for a miss budget of 50 %, and 10 % is set/,
  ],
  [
    "certificate",
    { predictor: { ...predictor, certificate: { ...certificate, budget: 0.02, delta: 0.2 } } },
    /certified with 80 % confidence, and 90 % is set \(certificate\.delta\): 'mrdata train --promote'/,
  ],
  ["control", by({ control: 1 }), /Drawn as control: 100\.0 %/],
];

test("without a certificate an incident may be held only where no page waits for it", () => {
  for (const mode of ["shadow", "annotate"] as const) {
    const change = { ...by({ mode, policy: null }), predictor: { ...predictor, certificate: null } };
    const verdict = judgeAll(holdable(change)).find(({ name }) => name === "certificate");
    expect(verdict).toMatchObject({ allowsHold: true, sentence: expect.stringContaining("no certificate") });
  }
});

test("a certificate counts exactly if it guarantees the budget and the delta that are set", () => {
  const shares = [0.01, 0.05, 0.1, 0.3, 0.5];
  for (const [budget, delta, setBudget, setDelta] of shares.flatMap((a) =>
    shares.flatMap((b) => shares.flatMap((c) => shares.map((d) => [a, b, c, d] as const))),
  )) {
    const { allowsHold, sentence } = certificateRail.judge(
      holdable({
        ...by({ missBudget: setBudget, certificate: { delta: setDelta } }),
        predictor: { ...predictor, certificate: { ...certificate, budget, delta } },
      }),
    );
    expect(allowsHold, sentence).toBe(budget <= setBudget && delta <= setDelta);
  }
});

test.each(objections)("'%s' denies the hold on %j", (name, change, sentence) => {
  const verdict = judgeAll(holdable(change)).find((one) => one.name === name);
  expect(verdict?.allowsHold).toBe(false);
  expect(verdict?.sentence).toMatch(sentence);
  expect(
    decide(holdable(change), { asOf: { records: {}, organisation: observation.organisation, at: NOW } })
      .decision,
  ).toBe("page");
});

test("every guard rail allows the default circumstances, and every one but the mode has been seen to deny", () => {
  expect(judgeAll(holdable()).filter(({ allowsHold }) => !allowsHold)).toEqual([]);
  const silent = guardRails.map(({ name }) => name).filter((name) => !objections.some(([of]) => of === name));
  expect(silent).toEqual(["mode"]);
  expect(new Set(guardRails.map(({ name }) => name)).size).toBe(guardRails.length);
});

test("without settings every guard rail that needs them denies the hold too", () => {
  const verdicts = judgeAll(holdable({ settings: null }));
  for (const name of ["kill-switch", "policy", "never-hold", "caps", "hours", "storm", "miss-budget"])
    expect(verdicts.find((one) => one.name === name)?.allowsHold, name).toBe(false);
});

describe("an incident that needed a human lately", () => {
  const allows = (
    minutes: number | null,
    serviceRecords: Circumstances["observation"]["serviceRecords"],
    now = NOW,
  ) =>
    judgeAll(
      holdable({
        ...by({ rails: minutes === null ? {} : { "needed-human-lately": minutes } }),
        ...seen({ serviceRecords }),
        now,
      }),
    ).find(({ name }) => name === "needed-human-lately")?.allowsHold;

  test("keeps the next incident of its service from being held for the set minutes, and no longer", () => {
    // The last one opened an hour ago and needed a human.
    expect(allows(60, [recordOf(9, 1)])).toBe(false);
    expect(allows(58, [recordOf(9, 1)])).toBe(true);
    expect(allows(60, [recordOf(9)])).toBe(true);
    expect(allows(24 * 60, [recordOf(3), recordOf(3, 1)])).toBe(false);
  });

  test("has no effect until somebody sets the minutes", () => {
    expect(allows(null, [recordOf(9, 1)])).toBe(true);
    expect(allows(0, [recordOf(9, 1)])).toBe(true);
  });

  test("counts once it is open past its window, although no event reported it", () => {
    const open = applyChange(emptyRecord(WINDOW), {
      before: null,
      after: contributionOf(timelineOf([openedBefore(20 * MINUTE)]), { windowMs: WINDOW }),
      events: 1,
      latest: NOW - 20 * MINUTE,
    });
    expect(allows(30, [open])).toBe(false);
    expect(allows(30, [open], NOW - 16 * MINUTE)).toBe(true);
  });

  test.each([[-1], [1.5], ["60"], [null], [10_081]])(
    "is not asked for %j minutes: nothing is held, and it is said",
    (minutes) => {
      const verdicts = judgeAll(holdable(by({ rails: { "needed-human-lately": minutes } })));
      expect(verdicts[0]).toMatchObject({
        name: "settings",
        allowsHold: false,
        sentence: expect.stringContaining("rails.needed-human-lately cannot be read: is not a whole number"),
      });
    },
  );
});

test("the never-hold list overrides a person's note that an alert may be held", () => {
  const change = {
    ...never({ titles: ["disk"] }),
    feedback: { hold: { allowed: true, who: "PROBIN", at: NOW, incident: "P7" } },
  };
  const verdicts = judgeAll(holdable(change)).filter(({ allowsHold }) => !allowsHold);
  expect(verdicts.map(({ name }) => name)).toEqual(["never-hold"]);
});

test("a storm is measured against the organisation's usual rate", () => {
  const used = { ...observation, organisation: { hour: 30, day: 800, week: 5_040 + 30 } };
  const verdict = (opened: number) =>
    judgeAll(holdable({ observation: used, opened })).find(({ name }) => name === "storm");
  // 30 an hour are 5 in ten minutes, and five times as many are a storm.
  expect(verdict(24)?.allowsHold).toBe(true);
  expect(verdict(26)?.allowsHold).toBe(false);
});

describe("control", () => {
  test("draws its share, always the same for an incident, and records the draw with its propensity in the prediction", () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `Q${i.toString(36).toUpperCase()}`);
    const drawn = ids.filter((id) => isControl(id, 0.05)).length / ids.length;
    expect(drawn).toBeGreaterThan(0.045);
    expect(drawn).toBeLessThan(0.055);
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0, max: 1, noNaN: true }), (id, share) => {
        expect(isControl(id, share)).toBe(isControl(id, share));
        expect(isControl(id, 0)).toBe(false);
        expect(isControl(id, 1)).toBe(true);
      }),
    );
    const asOf = { records: {}, organisation: observation.organisation, at: NOW };
    expect(decide(holdable(by({ control: 1 })), { asOf })).toMatchObject({
      decision: "page",
      decidedBy: "control",
      control: { share: 1, drawn: true },
      holdUntil: null,
    });
    expect(decide(holdable(by({ control: 0.01 })), { asOf }).control).toEqual({ share: 0.01, drawn: false });
    expect(decide(holdable({ opened: 99 }), { asOf }).control).toBeUndefined();
  });
});

describe("the hours in which holding is allowed", () => {
  const at = (iso: string) => Date.parse(iso);
  const night = { zone: "Europe/Berlin", from: "22:00", to: "08:00", days: null };
  test("may span midnight in their time zone, and end exactly", () => {
    expect(isWithinHours(night, at("2026-03-02T21:00:00Z"))).toBe(true);
    expect(isWithinHours(night, at("2026-03-02T20:59:59Z"))).toBe(false);
    expect(isWithinHours(night, at("2026-03-03T06:59:59Z"))).toBe(true);
    expect(isWithinHours(night, at("2026-03-03T07:00:00Z"))).toBe(false);
    // Summer time: an hour earlier by UTC.
    expect(isWithinHours(night, at("2026-07-03T06:00:00Z"))).toBe(false);
  });
  test("are not overrun by a hold, not even for a minute in between", () => {
    const allows = (from: string, to: string, change = {}) =>
      judgeAll(holdable({ ...by({ hours: { zone: "UTC", from, to, days: null } }), ...change })).find(
        ({ name }) => name === "hours",
      )?.allowsHold;
    // It is 22:00, and the window is five minutes.
    expect(allows("20:00", "22:05")).toBe(true);
    expect(allows("20:00", "22:04")).toBe(false);
    expect(allows("22:00", "22:05")).toBe(true);
    expect(allows("22:03", "22:02")).toBe(false);
    expect(allows("22:04", "22:03")).toBe(false);
    expect(allows("00:00", "00:00")).toBe(true);
    // A late event does not extend the window.
    expect(allows("20:00", "22:04", seen({ openedAt: NOW - MINUTE }))).toBe(true);
  });
  test("belong to the day that they begin on", () => {
    const weekend = { ...night, zone: "UTC", days: [5, 6] };
    expect(isWithinHours(weekend, at("2026-03-06T23:00:00Z"))).toBe(true);
    expect(isWithinHours(weekend, at("2026-03-08T07:00:00Z"))).toBe(true);
    expect(isWithinHours(weekend, at("2026-03-08T23:00:00Z"))).toBe(false);
  });
});

test("a title pattern matches anywhere, in any case, its parts in order", () => {
  expect(titleMatches("payment*fail", "URGENT: Payment gateway FAILED")).toBe(true);
  expect(titleMatches("fail*payment", "Payment gateway failed")).toBe(false);
  expect(titleMatches("a.c", "abc")).toBe(false);
  // A pattern of blanks alone is invisible.
  const pattern = fc.string({ minLength: 1 }).filter((text) => /[^\s*]/.test(text));
  fc.assert(
    fc.property(fc.string(), pattern, fc.string(), (a, b, c) => {
      expect(titleMatches(b, `${a}${b}${c}`)).toBe(true);
    }),
  );
});

test.each([
  ["payment", "Ｐａｙｍｅｎｔ failed"],
  ["payment", "pay\u200bment failed"],
  ["payment", "pay\u00adment failed"],
  ["payment failed", "Payment\u00a0\u2003 failed"],
  ["payment failed", "payment\nfailed"],
  ["payment failed", "payment\u200bfailed"],
  ["payment*db", "payment \u202e on DB"],
  ["Ｐａｙ*ＤＢ", "pay on db"],
  ["größe", "GRO\u0308ẞE".replace("ẞ", "ß")],
  ["ﬁle", "file is gone"],
])("'%s' is found in %j as alert types read it", (pattern, title) => {
  expect(titleMatches(pattern, title)).toBe(true);
});

test("a pattern of invisible characters matches only itself as written", () => {
  expect(titleMatches("\u200b", "Disk is full")).toBe(false);
  expect(titleMatches("\u200b*\u202e", "Disk is full")).toBe(false);
});

test("other incidents' records never leak in: a new service without a record is paged", () => {
  const bare = holdable({ observation: observationOf() });
  expect(
    judgeAll(bare)
      .filter(({ allowsHold }) => !allowsHold)
      .map(({ name }) => name),
  ).toEqual(["novelty", "history"]);
});
