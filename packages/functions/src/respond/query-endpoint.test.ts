import type { Endpoint, EndpointAnswer } from "@mrdata/vertex/endpoint";
import { describe, expect, test } from "vitest";
import { START } from "../paging/scripted-pagerduty.fixture.ts";
import { onOpening } from "./opening.ts";
import { opening, respondContext, type TestOptions } from "./respond-context.fixture.ts";

const first = { again: false, acceptedAt: START };

/** What becomes of an opening whose model is served by an endpoint that says this. The process itself scores .95. */
async function opened(said: EndpointAnswer | Error, options: TestOptions = {}) {
  const asked: Parameters<Endpoint["ask"]>[0][] = [];
  const endpoint: Endpoint = {
    async ask(question) {
      asked.push(question);
      if (said instanceof Error) throw said;
      return said;
    },
  };
  const set = respondContext({ ...options, endpoint });
  await onOpening(set.context, opening, first);
  const stored = set.ledger.predictions.get("P0");
  const events = set.logged.map(({ event }) => event).filter((event) => event.startsWith("endpoint."));
  return { ...set, asked, stored, events };
}

describe("the endpoint's opinion of an incident that would be held", () => {
  test("is based on the stored row and the model's bytes; where both agree it is held", async () => {
    const { asked, stored, events, did } = await opened({ kind: "score", score: 0.95 });
    expect(asked).toEqual([{ instance: [50, 80], modelSha256: "a".repeat(64) }]);
    expect(stored).toMatchObject({ decision: "hold", holdUntil: START + 300_000, scoredBy: "both" });
    expect(stored?.verdicts.at(-1)).toEqual({
      name: "endpoint",
      allowsHold: true,
      sentence: "The endpoint says the same.",
    });
    expect(did).toEqual(["note P0"]);
    expect(events).toEqual([]);
  });

  test.each([
    { kind: "late", reason: "it did not answer within 500 ms" },
    { kind: "away", reason: "it answered with 503" },
    { kind: "shape", reason: "its answer is not one number" },
    { kind: "version", reason: "it asked another model" },
  ] as const)("does not count where it is $kind: the process's own score holds", async (said) => {
    const { stored, events, did } = await opened(said);
    expect(stored).toMatchObject({ decision: "hold", scoredBy: "process" });
    expect(stored?.verdicts.at(-1)?.sentence).toBe(`The score of this process counts: ${said.reason}.`);
    expect(did).toEqual(["note P0"]);
    expect(events).toEqual(["endpoint.unused"]);
  });

  test("that rejects against its contract counts as unavailable", async () => {
    const { stored } = await opened(new Error("it broke"));
    expect(stored).toMatchObject({ decision: "hold", scoredBy: "process" });
  });

  test.each([0.95 + 2e-6, 0.95 - 2e-6, 0, 1, 7, -1])(
    "with another number (%d) pages immediately and raises an alarm",
    async (score) => {
      const { stored, events, did, logged } = await opened({ kind: "score", score });
      expect(stored).toMatchObject({
        decision: "page",
        decidedBy: "endpoint",
        holdUntil: null,
        taken: { action: "paged" },
      });
      expect(stored).not.toHaveProperty("unsettled");
      expect(stored).not.toHaveProperty("control");
      expect(did).toEqual(["page P0", "note P0"]);
      expect(events).toEqual(["endpoint.differs"]);
      expect(logged.find(({ event }) => event === "endpoint.differs")).toMatchObject({
        incident: "P0",
        own: 0.95,
        endpoint: score,
      });
    },
  );

  test("pages without an alarm where the same number falls on the other side of the threshold", async () => {
    const { stored, events, did } = await opened({ kind: "score", score: 0.95 - 5e-7 });
    expect(stored).toMatchObject({ decision: "page", decidedBy: "endpoint" });
    expect(did).toEqual(["page P0", "note P0"]);
    expect(events).toEqual([]);
  });

  test.each<[string, TestOptions]>([
    ["the model pages", { isSure: false }],
    ["a storm pages", { circumstances: { opened: 5_000 } }],
    ["another guard rail pages", { circumstances: { touchedByPerson: true } }],
  ])("is not queried where %s", async (_, options) => {
    const { asked, stored, did } = await opened({ kind: "score", score: 0.95 }, options);
    expect(asked).toEqual([]);
    expect(stored).not.toHaveProperty("scoredBy");
    expect(did[0]).toBe("page P0");
  });

  test("is queried once: a redelivery finds the hold stored", async () => {
    const set = await opened({ kind: "score", score: 0.95 });
    await onOpening(set.context, opening, { again: true, acceptedAt: START });
    expect(set.asked).toHaveLength(1);
  });
});
