import { actors, type IncidentEvent, noteCommands } from "@mrdata/incident";
import { PagerDutyError, type RestContactMethod, type RestOnCall } from "@mrdata/pagerduty";
import { defaultSettings, type LogEntry } from "@mrdata/platform";
import { describe, expect, test } from "vitest";
import { paged } from "../paging/plain-ledger.fixture.ts";
import { START, waiting } from "../paging/scripted-pagerduty.fixture.ts";
import { createNoteCommandHandler } from "./note-commands.ts";

const DAY = 86_400_000;
type Account = {
  readonly kinds: readonly string[];
  /** Days from now at which the shifts of the user begin; each lasts a day. */
  readonly shifts: readonly number[];
  /** A target by name, always on call. */
  readonly isNamed?: boolean;
};

const note = (text: string, change: Partial<IncidentEvent> = {}): IncidentEvent => ({
  id: "E1",
  incident: "P1",
  type: "annotated",
  occurredAt: START,
  actor: "human",
  actorId: "PWRITER",
  snapshot: null,
  note: text,
  mergedInto: null,
  ...change,
});

/** Hears notes of a user of whom the account says this; `fails` is what PagerDuty answers in place of it. */
function handlerFor(account: Account, fails: PagerDutyError | null = null) {
  const kept: { alertType: string; allowed: boolean; who: string | null }[] = [];
  const logged: LogEntry[] = [];
  const answers: string[] = [];
  const answer = <T>(what: T): T => {
    if (fails !== null) throw fails;
    return what;
  };
  const shift = (start: number | null): RestOnCall => ({
    user: "PWRITER",
    schedule: null,
    policy: "PARMED",
    level: 2,
    start,
    end: start === null ? null : start + DAY,
  });
  const handleNoteCommand = createNoteCommandHandler({
    ledger: {
      incident: async () => null,
      noteFeedback: async (alertType, { allowed, who }) => {
        kept.push({ alertType, allowed, who });
      },
      settings: async () => defaultSettings,
      changeSettings: async (change) => change(defaultSettings),
      noteDisarming: async () => {},
    },
    clock: { now: () => START },
    log: (entry) => logged.push(entry),
    pager: {
      getIncident: async (id) => waiting(id),
      listContactMethods: async () =>
        answer(account.kinds.map((kind, i): RestContactMethod => ({ id: `C${i}`, kind }))),
      async *listOnCalls({ since = START, until = START }) {
        answer(null);
        if (account.isNamed) yield shift(null);
        for (const days of account.shifts) {
          const start = START + days * DAY;
          if (start < until && start + DAY > since) yield shift(start);
        }
      },
    },
    releaseLive: async () => 0,
    answer: async (_, text) => void answers.push(text),
  });
  return { handleNoteCommand, kept, logged, answers };
}

const PERSON: Account = { kinds: ["email", "push_notification"], shifts: [3] };

describe("'mrdata: ok to hold' counts from whom PagerDuty could wake", () => {
  test.each<[string, Account]>([
    ["on call next week, with the application", PERSON],
    ["on call last week, with a telephone", { kinds: ["phone"], shifts: [-6] }],
    ["a target by name, with text messages", { kinds: ["email", "sms"], shifts: [], isNamed: true }],
  ])("%s", async (_, account) => {
    const { handleNoteCommand, kept } = handlerFor(account);
    await handleNoteCommand(note("mrdata: ok to hold"), paged("P1"));
    expect(kept).toMatchObject([{ allowed: true, who: "PWRITER" }]);
  });

  test.each<[string, Account]>([
    ["an account with an e-mail address that is on call nowhere", { kinds: ["email"], shifts: [] }],
    ["one that somebody put on a policy all the same", { kinds: ["email"], shifts: [], isNamed: true }],
    ["one with a telephone that is on call nowhere", { kinds: ["email", "phone"], shifts: [] }],
    ["somebody who was on call long ago", { kinds: ["phone"], shifts: [-60] }],
    ["one that can be reached by nothing", { kinds: [], shifts: [1] }],
    ["an unknown type of contact method", { kinds: ["unknown"], shifts: [1] }],
  ])("and not from %s: what was said before stands, and the log says why", async (_, account) => {
    const { handleNoteCommand, kept, logged } = handlerFor(account);
    await handleNoteCommand(note("mrdata: ok to hold"), paged("P1"));
    expect(kept).toEqual([]);
    expect(logged).toMatchObject([{ event: "feedback.refused", severity: "WARNING", who: "PWRITER" }]);
  });

  test("nor from a deleted user, or none", async () => {
    const gone = handlerFor(PERSON, new PagerDutyError("GET /users", 404, 2100, []));
    await gone.handleNoteCommand(note("mrdata: ok to hold"), paged("P1"));
    const nobody = handlerFor(PERSON);
    await nobody.handleNoteCommand(note("mrdata: ok to hold", { actorId: null }), paged("P1"));
    expect([gone.kept, nobody.kept]).toEqual([[], []]);
  });

  test.each([0, 403, 429, 500])("and comes again where that cannot be read (%i)", async (status) => {
    const { handleNoteCommand, kept } = handlerFor(
      PERSON,
      new PagerDutyError("GET /oncalls", status, null, []),
    );
    await expect(handleNoteCommand(note("mrdata: ok to hold"), paged("P1"))).rejects.toThrow();
    expect(kept).toEqual([]);
  });
});

test.each(["mrdata: never hold this", "mrdata: disarm", "mrdata: real"])(
  "'%s' counts from every user without querying PagerDuty about them",
  async (text) => {
    const { handleNoteCommand, logged } = handlerFor(
      { kinds: [], shifts: [] },
      new PagerDutyError("", 500, null, []),
    );
    await handleNoteCommand(note(text), paged("P1"));
    expect(logged.map(({ event }) => event)).toContain("feedback.heard");
  },
);

test.each([
  ["mrdata: never hold this", PERSON, /'never hold this': noted.*'mrdata vetoes'/],
  ["mrdata: disarm", PERSON, /'disarm': nothing was armed/],
  ["mrdata: ok to hold", PERSON, /'ok to hold': noted/],
  ["mrdata: ok to hold", { kinds: [], shifts: [] }, /'ok to hold', and did not go by it/],
] as const)("'%s' is answered with what came of it", async (text, account, answer) => {
  const { handleNoteCommand, answers } = handlerFor(account);
  await handleNoteCommand(note(text), paged("P1"));
  expect(answers).toEqual([expect.stringMatching(answer)]);
});

describe("who says it", () => {
  const programs = actors.filter((actor) => actor !== "human" && actor !== "bot");
  test.each(programs)(
    "by %s is obeyed where it disarms, and never where it permits or labels something",
    async (actor) => {
      for (const actorId of ["PSYNC", null]) {
        const { handleNoteCommand, answers, logged } = handlerFor(PERSON);
        await handleNoteCommand(note("mrdata: disarm", { actor, actorId }), paged("P1"));
        expect(answers).toEqual([expect.stringMatching(/'disarm'/)]);
        expect(logged).toContainEqual(expect.objectContaining({ event: "feedback.heard", word: "disarm" }));
      }
      for (const said of noteCommands.filter((word) => word !== "disarm")) {
        const { handleNoteCommand, kept, answers, logged } = handlerFor(PERSON);
        await handleNoteCommand(note(`mrdata: ${said}`, { actor, actorId: "PWRITER" }), paged("P1"));
        expect({ said, kept, answers, logged }).toEqual({ said, kept: [], answers: [], logged: [] });
      }
    },
  );

  test("by the bot itself is never obeyed", async () => {
    const { handleNoteCommand, logged } = handlerFor(PERSON);
    await handleNoteCommand(note("mrdata: disarm", { actor: "bot" }), paged("P1"));
    expect(logged).toEqual([]);
  });
});
