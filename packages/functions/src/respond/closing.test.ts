import { describe, expect, test } from "vitest";
import { held, paged } from "../paging/plain-ledger.fixture.ts";
import { START } from "../paging/scripted-pagerduty.fixture.ts";
import { onClosing } from "./closing.ts";
import { eventOf, respondContext } from "./respond-context.fixture.ts";

const resolved = eventOf("resolved", { occurredAt: START + 60_000 });

describe("an incident that is resolved", () => {
  test("ends its hold when it resolved, and pages nobody", async () => {
    const { context, ledger, did } = respondContext({ stored: [held("P0")] });
    await onClosing(context, resolved);
    expect(ledger.predictions.get("P0")?.ended).toEqual({
      at: START + 60_000,
      why: "resolved by integration",
    });
    expect(did).toEqual([]);
  });

  test("after its window ends the hold with the window", async () => {
    const { context, ledger } = respondContext({ stored: [held("P0")] });
    await onClosing(context, { ...resolved, occurredAt: START + 3_600_000 });
    expect(ledger.predictions.get("P0")?.ended?.at).toBe(START + 300_000);
  });

  test("leaves what was paged as it is", async () => {
    const { context, ledger } = respondContext({ stored: [paged("P0")] });
    await onClosing(context, resolved);
    expect(ledger.predictions.get("P0")).toEqual(paged("P0"));
  });

  test("into a held incident pages that one: it is more than it seemed", async () => {
    const { context, did } = respondContext({ stored: [held("P9")] });
    await onClosing(context, { ...resolved, mergedInto: "P9" });
    expect(did).toEqual(["page P9"]);
  });
});

describe("an incident that was paged while nothing could be written", () => {
  const escalated = eventOf("escalated", { actor: "bot", actorId: "PBOT", occurredAt: START + 2_000 });
  const knownBy = (events: readonly (typeof escalated)[]) => {
    const { context, ledger } = respondContext();
    const incident = async () => ({ events });
    return { ledger, context: { ...context, ledger: { ...context.ledger, incident } } };
  };

  test("gets its decision from the echo of the page in its timeline", async () => {
    const { context, ledger } = knownBy([eventOf("triggered"), escalated]);
    await onClosing(context, resolved);
    expect(ledger.predictions.get("P0")).toMatchObject({
      decidedBy: "late",
      taken: { action: "paged", at: START + 2_000 },
    });
  });

  test("gets none where the bot did nothing", async () => {
    const { context, ledger } = knownBy([eventOf("triggered"), eventOf("escalated")]);
    await onClosing(context, resolved);
    expect(ledger.predictions.size).toBe(0);
  });
});
