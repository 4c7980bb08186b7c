import { describe, expect, test } from "vitest";
import { held, paged } from "../paging/plain-ledger.fixture.ts";
import { START } from "../paging/scripted-pagerduty.fixture.ts";
import { onOpening } from "./opening.ts";
import { opening, respondContext, snapshot } from "./respond-context.fixture.ts";

const first = { again: false, acceptedAt: START };
const redelivered = { again: true, acceptedAt: START };

describe("an incident that opens", () => {
  test.each([true, false])(
    "is held or paged before the challenger is queried (%s), and once",
    async (isSure) => {
      const { context, asked } = respondContext({ isSure });
      await onOpening(context, opening, first);
      await onOpening(context, opening, redelivered);
      expect(asked).toEqual([isSure ? "P0 after note P0" : "P0 after page P0, note P0"]);
    },
  );

  test("and is likely to resolve itself is held: stored, and nothing but the note", async () => {
    const { context, ledger, did } = respondContext();
    await onOpening(context, opening, first);
    const stored = ledger.predictions.get("P0");
    expect(stored?.verdicts.filter(({ allowsHold }) => !allowsHold)).toEqual([]);
    expect(stored).toMatchObject({ decision: "hold", holdUntil: START + 300_000 });
    expect(did).toEqual(["note P0"]);
  });

  test("and is not is paged immediately, and the decision written", async () => {
    const { context, ledger, did } = respondContext({ isSure: false });
    await onOpening(context, opening, first);
    expect(ledger.predictions.get("P0")).toMatchObject({ decision: "page", taken: { action: "paged" } });
    expect(did).toEqual(["page P0", "note P0"]);
  });

  test.each(["prediction", "settings", "createPrediction", "holdsSince"])(
    "is paged whatever of the ledger fails (%s), and where nothing was decided the message comes again",
    async (name) => {
      const { context, ledger, did } = respondContext();
      ledger.fails.add(name);
      await onOpening(context, opening, first).catch((error: unknown) => {
        expect(String(error)).toContain("the ledger is down");
      });
      expect(did).toContain("page P0");
    },
  );

  test.each([true, false])(
    "has its details read only where calls are to spare (%s)",
    async (hasSpareCalls) => {
      const { context } = respondContext();
      const read: string[] = [];
      const predictor = await context.champion();
      const withDetails = {
        ...context,
        champion: async () => ({ ...predictor, details: { numbers: ["load"], texts: [] } }),
        pager: { ...context.pager, hasSpareCalls: () => hasSpareCalls },
        pagerduty: context.pagerduty && {
          ...context.pagerduty,
          listAlertDetails: async (incident: string) => {
            read.push(incident);
            return [{ load: 3 }];
          },
        },
      };
      await onOpening(withDetails, opening, first);
      expect(read).toEqual(hasSpareCalls ? ["P0"] : []);
    },
  );

  test("at which a guard rail throws is paged, and the log says which", async () => {
    const feedback = {
      get hold(): null {
        throw new Error("counted wrongly");
      },
    };
    const { context, did, logged } = respondContext({ circumstances: { feedback } });
    await onOpening(context, opening, first);
    expect(did).toContain("page P0");
    expect(logged).toContainEqual({
      severity: "ERROR",
      event: "guard-rail.failed",
      incident: "P0",
      rail: "feedback",
      reason: "counted wrongly",
    });
  });

  test("is paged where the champion never comes", async () => {
    const { context, did } = respondContext();
    const slow = { ...context, champion: () => new Promise<never>(() => {}) };
    await expect(onOpening(slow, opening, first)).rejects.toThrow("took longer than 15 s");
    expect(did).toEqual(["page P0"]);
  });

  test("on which another delivery has decided meanwhile is not held", async () => {
    const { context, ledger, did } = respondContext();
    const { createPrediction } = context.ledger;
    const racing = {
      ...context,
      ledger: {
        ...context.ledger,
        async createPrediction(prediction: Parameters<typeof createPrediction>[0]) {
          ledger.predictions.set("P0", paged("P0"));
          return createPrediction(prediction);
        },
      },
    };
    await onOpening(racing, opening, first);
    expect(did[0]).toBe("page P0");
    expect(ledger.predictions.get("P0")).toMatchObject({ decision: "page", taken: { action: "paged" } });
  });

  test("in a storm releases what is held beside it", async () => {
    const { context, did } = respondContext({
      stored: [held("P1"), held("P2")],
      circumstances: { opened: 500 },
    });
    await onOpening(context, opening, first);
    expect(did.filter((one) => one.startsWith("page"))).toEqual(["page P0", "page P1", "page P2"]);
  });
});

describe("an opening that is delivered again", () => {
  test("leaves a live hold as it is, and rechecks the concurrent holds", async () => {
    const { context, did } = respondContext({ stored: [held("P0")] });
    await onOpening(context, opening, redelivered);
    expect(did).toEqual(["note P0"]);
  });

  test("pages what was decided to be paged and waits still", async () => {
    const { context, ledger, did } = respondContext({ stored: [paged("P0")] });
    await onOpening(context, opening, redelivered);
    expect(did[0]).toBe("page P0");
    expect(ledger.predictions.get("P0")?.taken.action).toBe("paged");
  });

  test("holds nothing that a person has taken since", async () => {
    const { context, ledger } = respondContext({
      now: { status: "acknowledged", assignees: ["PROBIN"] },
      pageIfWaiting: async () => ({ action: "none", sentence: "The incident is acknowledged.", at: START }),
    });
    await onOpening(context, opening, redelivered);
    expect(ledger.predictions.get("P0")).toMatchObject({ decision: "page", holdUntil: null });
  });

  test("is not the bot's where it is assigned to people", async () => {
    const { context, did } = respondContext();
    await onOpening(context, { ...opening, snapshot: { ...snapshot, assignees: ["PROBIN"] } }, first);
    expect(did).not.toContain("note P0");
  });
});
