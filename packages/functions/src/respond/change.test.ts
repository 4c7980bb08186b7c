import type { IncidentEvent } from "@mrdata/incident";
import { describe, expect, test } from "vitest";
import { held, paged, WINDOW_MS } from "../paging/plain-ledger.fixture.ts";
import { START } from "../paging/scripted-pagerduty.fixture.ts";
import { onChange } from "./change.ts";
import { AGENT, eventOf, respondContext, snapshot } from "./respond-context.fixture.ts";

const byPerson = { actor: "human", actorId: "PROBIN" } as const;
const pagesOf = (did: readonly string[]) => did.filter((one) => one.startsWith("page"));

describe("an event of an incident that is held", () => {
  test("leaves it as it is where no person acted and it moved nowhere", async () => {
    const { context, did } = respondContext({ stored: [held("P0")] });
    await onChange(context, eventOf("status_update_published"));
    expect(did).toEqual([]);
  });

  test.each([
    "reopened",
    "unacknowledged",
    "delegated",
    "reassigned",
    "escalated",
    "priority_updated",
  ] as const)("pages it after '%s', and ends the hold", async (type) => {
    const { context, ledger, did } = respondContext({ stored: [held("P0")] });
    await onChange(context, eventOf(type));
    expect(pagesOf(did)).toEqual(["page P0"]);
    expect(ledger.predictions.get("P0")?.ended).toMatchObject({ why: `${type} by integration` });
  });

  test("pages it after whatever a person does", async () => {
    const { context, did } = respondContext({ stored: [held("P0")] });
    await onChange(context, eventOf("annotated", { ...byPerson, snapshot: null, note: "what is this?" }));
    expect(pagesOf(did)).toEqual(["page P0"]);
  });

  test("pages it after it was lowered, for low urgency never escalates by itself", async () => {
    const { context, did } = respondContext({ stored: [held("P0")] });
    await onChange(context, eventOf("acknowledged", { snapshot: { ...snapshot, urgency: "low" } }));
    expect(pagesOf(did)).toEqual(["page P0"]);
  });
});

test("an event that shows a person is needed releases the holds on the same service", async () => {
  const elsewhere = held("P2", { service: "POTHER" });
  const { context, did } = respondContext({ stored: [paged("P0"), held("P1"), elsewhere] });
  await onChange(context, eventOf("escalated", byPerson));
  expect(pagesOf(did)).toEqual(["page P0", "page P1"]);
});

test("a person's command is obeyed even where nobody can be paged", async () => {
  const failing = async () => {
    throw new Error("PagerDuty is down");
  };
  const { context, heard } = respondContext({ stored: [held("P0")], pageIfWaiting: failing });
  const note = eventOf("annotated", { ...byPerson, snapshot: null, note: "mrdata: disarm" });
  await expect(onChange(context, note)).rejects.toThrow("PagerDuty is down");
  expect(heard).toEqual([note]);
});

test("an incident whose opening the bot never received is paged, with a decision that says so", async () => {
  const { context, ledger, did } = respondContext();
  await onChange(context, eventOf("unacknowledged"));
  expect(did[0]).toBe("page P0");
  expect(ledger.predictions.get("P0")).toMatchObject({
    decidedBy: "late",
    service: "PSERVICE",
    verdicts: [{ sentence: "The first that the bot heard of it was 'unacknowledged by integration'." }],
  });
});

test("an incident that is not the bot's leaves no decision", async () => {
  const { context, ledger } = respondContext();
  await onChange(context, eventOf("acknowledged", { snapshot: { ...snapshot, assignees: ["PROBIN"] } }));
  expect(ledger.predictions.size).toBe(0);
});

test("it loads no model: only an opening waits for one", async () => {
  const { context, did } = respondContext({ stored: [held("P0")] });
  const never = { ...context, champion: () => new Promise<never>(() => {}) };
  await onChange(never, eventOf("reopened"));
  expect(pagesOf(did)).toEqual(["page P0"]);
});

test("a ledger that cannot be read pages first, and the message comes again", async () => {
  const { context, ledger, did } = respondContext({ stored: [held("P0")] });
  ledger.fails.add("prediction");
  await expect(onChange(context, eventOf("status_update_published"))).rejects.toThrow("the ledger is down");
  expect(did).toEqual(["page P0"]);
});

describe("a program that takes a held incident before any person was notified", () => {
  const byAgent = { actor: "agent", actorId: AGENT } as const;
  const acknowledged = eventOf("acknowledged", {
    ...byAgent,
    snapshot: { ...snapshot, status: "acknowledged" },
  });

  test("ends the hold, and people get it by the fallback policy, with an alarm", async () => {
    const now = { status: "acknowledged", assignees: [AGENT] };
    const { context, ledger, did, logged } = respondContext({ stored: [held("P0")], now });
    await onChange(context, acknowledged);
    expect(did).toEqual(["move P0 to policy PFALLBACK"]);
    expect(ledger.predictions.get("P0")).toMatchObject({
      taken: { action: "delegated" },
      ended: { why: "acknowledged by agent" },
    });
    expect(logged.filter(({ event }) => event === "agent.took-over")).toMatchObject([
      { severity: "CRITICAL" },
    ]);
  });

  describe("where the ledger does not say whether it was held", () => {
    const whileDown = async (
      now: Parameters<typeof respondContext>[0],
      event: IncidentEvent = acknowledged,
    ) => {
      const { context, ledger, did } = respondContext({ stored: [held("P0")], ...now });
      ledger.fails.add("all");
      await expect(onChange(context, event)).rejects.toThrow("the ledger is down");
      return did.filter((one) => one.startsWith("move"));
    };
    const taken = { status: "acknowledged", assignees: [AGENT] };

    test("people get it within the window, and the message comes again", async () => {
      expect(await whileDown({ now: taken })).toEqual(["move P0 to policy PFALLBACK"]);
    });
    test.each([
      ["a person has it", { now: { ...taken, assignees: ["PROBIN"] } }, acknowledged],
      ["its policy is unknown", { now: { ...taken, escalationPolicyId: null } }, acknowledged],
      ["the window was over", { now: taken }, { ...acknowledged, occurredAt: START + WINDOW_MS + 1 }],
      ["a person did it", { now: taken }, { ...acknowledged, actor: "human" as const, actorId: "PROBIN" }],
    ])("it is left where it is where %s", async (_, now, event) => {
      expect(await whileDown(now, event)).toEqual([]);
    });
  });

  test("is left what a person has taken since", async () => {
    const now = { status: "acknowledged", assignees: ["PROBIN"] };
    const { context, did } = respondContext({ stored: [held("P0")], now });
    await onChange(context, acknowledged);
    expect(did).toEqual([]);
  });

  test("may act freely on incidents whose people were notified", async () => {
    const { context, did } = respondContext({
      stored: [paged("P0", { taken: { action: "paged", sentence: "Escalated to level 2.", at: START } })],
    });
    await onChange(context, { ...acknowledged, snapshot: { ...snapshot, assignees: [AGENT] } });
    expect(did.filter((one) => one.startsWith("move"))).toEqual([]);
  });
});
