import { describe, expect, it } from "vitest";
import { contributionOf } from "./contribution.ts";
import { DRILL_TITLE } from "./drill.ts";
import type { Actor, IncidentEvent, IncidentEventType } from "./event.ts";
import { outcomeOf } from "./outcome.ts";
import { timelineOf } from "./timeline.ts";

const OPENED = Date.UTC(2026, 2, 1, 3);
const MINUTE = 60_000;
const rules = { windowMs: 5 * MINUTE };

type Step = {
  at: number;
  type: IncidentEventType;
  actor: Actor;
  note?: string;
  mergedInto?: string;
  priority?: string;
};
const story = (...steps: Step[]) => titled("Disk full", ...steps);
const titled = (title: string, ...steps: Step[]) =>
  timelineOf(
    [{ at: 0, type: "triggered" as const, actor: "integration" as const }, ...steps].map(
      (step: Step, i): IncidentEvent => ({
        id: `E${i}`,
        incident: "PINC001",
        type: step.type,
        occurredAt: OPENED + step.at * MINUTE,
        actor: step.actor,
        actorId: null,
        snapshot:
          step.type === "annotated"
            ? null
            : {
                title,
                service: "PSVC001",
                serviceName: null,
                status: step.type === "resolved" ? "resolved" : "triggered",
                urgency: "high",
                priority: step.priority ?? null,
                assignees: [],
                escalationPolicy: null,
                teams: [],
                number: null,
                htmlUrl: null,
                createdAt: OPENED,
              },
        note: step.note ?? null,
        mergedInto: step.mergedInto ?? null,
      }),
    ),
  );

const cleared = (at: number): Step => ({ at, type: "resolved", actor: "integration" });
const outcome = (...steps: Step[]) => outcomeOf(story(...steps), rules)?.outcome;

describe("outcomeOf", () => {
  it("is self-resolved when the monitor clears it inside the window", () => {
    expect(outcomeOf(story(cleared(4)), rules)).toEqual({
      outcome: "self-resolved",
      decidedAt: OPENED + 4 * MINUTE,
    });
  });
  it("is self-resolved although a person acknowledged: no more was done", () => {
    expect(outcome({ at: 1, type: "acknowledged", actor: "human" }, cleared(4))).toBe("self-resolved");
  });
  it("counts the window's last millisecond as inside", () => {
    expect(outcome(cleared(5))).toBe("self-resolved");
    expect(outcome(cleared(5 + 1 / MINUTE))).toBe("needed-human");
  });
  it("needed a human when it is still open at the window's end, acknowledged or not", () => {
    expect(outcomeOf(story(cleared(6)), rules)).toEqual({
      outcome: "needed-human",
      decidedAt: OPENED + 5 * MINUTE,
    });
    expect(outcome({ at: 1, type: "acknowledged", actor: "human" })).toBe("needed-human");
  });
  it.each<[string, Step]>([
    ["escalated", { at: 1, type: "escalated", actor: "human" }],
    ["reassigned", { at: 1, type: "reassigned", actor: "human" }],
    ["delegated", { at: 1, type: "delegated", actor: "human" }],
    ["asked others for help", { at: 1, type: "responder.added", actor: "human" }],
    ["raised the priority", { at: 1, type: "priority_updated", actor: "human", priority: "P1" }],
    ["marked it real", { at: 1, type: "annotated", actor: "human", note: "mrdata: real, the disk is dying" }],
  ])("needed a human as soon as a person %s, although it cleared itself later", (_, step) => {
    expect(outcomeOf(story(step, cleared(3)), rules)).toEqual({
      outcome: "needed-human",
      decidedAt: OPENED + MINUTE,
    });
  });
  it("does not take the bot's page or PagerDuty's own escalation for a person's", () => {
    expect(outcome({ at: 1, type: "escalated", actor: "bot" }, cleared(3))).toBe("self-resolved");
    expect(outcome({ at: 1, type: "escalated", actor: "automation" }, cleared(3))).toBe("self-resolved");
  });
  it("is unknown when a person, the bot or an unknown actor closed it", () => {
    for (const actor of ["human", "bot", "automation"] as const)
      expect(outcome({ at: 2, type: "resolved", actor })).toBe("unknown");
  });
  it("is merged before anything else: the agent is the person who merged", () => {
    expect(outcome({ at: 2, type: "resolved", actor: "human", mergedInto: "POTHER1" })).toBe("merged");
  });
  it("is timed-out when an unknown actor closed it at the service's auto-resolve age", () => {
    const timeline = story({ at: 240, type: "resolved", actor: "automation" });
    expect(outcomeOf(timeline, { windowMs: 300 * MINUTE })?.outcome).toBe("timed-out");
    expect(outcomeOf(timeline, { windowMs: 300 * MINUTE, autoResolveAfter: null })?.outcome).toBe("unknown");
  });
  it("is unknown when it overlapped maintenance", () => {
    const maintenance = [{ start: OPENED - MINUTE, end: OPENED + MINUTE }];
    expect(outcomeOf(story(cleared(2)), { ...rules, maintenance })?.outcome).toBe("unknown");
  });
  it("is taken back by a reopening inside the window, and left alone by one after it", () => {
    expect(outcome(cleared(2), { at: 3, type: "reopened", actor: "integration" })).toBe("needed-human");
    expect(outcome(cleared(2), { at: 7, type: "reopened", actor: "integration" })).toBe("self-resolved");
  });
  it("is by the first of two closings, until it opens again", () => {
    const byPerson: Step = { at: 3, type: "resolved", actor: "human" };
    expect(outcome(cleared(2), byPerson)).toBe("self-resolved");
    expect(outcome({ ...byPerson, at: 1 }, cleared(2))).toBe("unknown");
    expect(outcome(cleared(1), { at: 2, type: "reopened", actor: "integration" }, byPerson)).toBe("unknown");
  });
  it("puts the opening first and the closing last within one millisecond, whatever their ids", () => {
    const [opening, closing] = story(cleared(0));
    if (opening === undefined || closing === undefined) throw new Error("two events make the story");
    const reopened: IncidentEvent = { ...closing, id: "M", type: "reopened" };
    const timeline = timelineOf([{ ...closing, id: "A" }, { ...opening, id: "Z" }, reopened]);
    expect(timeline.map(({ type }) => type)).toEqual(["triggered", "reopened", "resolved"]);
    expect(outcomeOf(timeline, rules)?.outcome).toBe("self-resolved");
  });
  it("is undecided while the window is open and nothing closed it", () => {
    expect(outcomeOf(story(cleared(4)), rules, OPENED + 3 * MINUTE)).toBeNull();
    expect(outcomeOf(story(), rules, OPENED + 5 * MINUTE - 1)).toBeNull();
    expect(outcomeOf(story(), rules, OPENED + 5 * MINUTE)?.outcome).toBe("needed-human");
  });
  it("has none while the opening has not arrived", () => {
    expect(outcomeOf(story(cleared(4)).slice(1), rules)).toBeNull();
  });
});

describe("a drill", () => {
  it("is unknown however it ends: nobody was paged late by it, and nothing resolved itself", () => {
    for (const steps of [[], [cleared(1)], [{ at: 2, type: "resolved", actor: "human" }]] satisfies Step[][])
      expect(outcomeOf(titled(DRILL_TITLE, ...steps), rules)?.outcome).toBe("unknown");
  });

  it("is in no track record, while its like of another title is", () => {
    expect(contributionOf(titled(DRILL_TITLE, cleared(1)), rules)).toBeNull();
    expect(contributionOf(titled(`${DRILL_TITLE}?`, cleared(1)), rules)).not.toBeNull();
  });
});
