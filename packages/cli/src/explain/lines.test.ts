import { expect, test } from "vitest";
import { linesOf, type PrintedExplanation } from "./lines.ts";

const plain = { bold: String, dim: String };
const rail = (name: string, allowsHold: boolean) => ({ name, allowsHold, sentence: `What ${name} says.` });
const explanation: PrintedExplanation = {
  incident: "P1",
  title: "Disk full",
  serviceName: "Database",
  service: "PDATABASE",
  openedAt: Date.parse("2026-03-02T03:04:05Z"),
  decision: "page",
  decidedBy: "hours",
  probability: 0.5,
  abstained: null,
  interval: null,
  model: "v1",
  moved: [],
  reasons: [],
  verdicts: [rail("mode", true), rail("hours", false), rail("novelty", true), rail("storm", true)],
  taken: null,
  outcome: null,
  events: [],
  similar: [],
};

test("title, service and time come first, then the relevant guard rails", () => {
  const lines = linesOf(explanation, plain, { all: false, timeZone: "Europe/Berlin" });
  expect(lines[0]).toBe("Disk full  Database (PDATABASE), opened 2026-03-02 04:04:05 (Europe/Berlin)");
  const text = lines.join("\n");
  expect(text).toContain("! hours");
  expect(text).toContain("novelty");
  expect(text).not.toContain("storm");
  expect(text).toContain("2 more guard rails had nothing against it: --all shows them");
});

test("--all shows every guard rail", () => {
  const text = linesOf(explanation, plain, { all: true, timeZone: "UTC" }).join("\n");
  for (const name of ["mode", "hours", "novelty", "storm"]) expect(text).toContain(`What ${name} says.`);
  expect(text).not.toContain("--all");
});

test("an incident that predates the bot shows the champion's prediction, and whether it was trained on", () => {
  const wouldBe = {
    ...explanation,
    model: "v3",
    decision: "hold" as const,
    decidedBy: "threshold",
    probability: 0.93,
    reasons: [],
    verdicts: [rail("threshold", true), rail("storm", true)],
    learntFrom: true,
  };
  const events = [
    {
      id: "E",
      type: "triggered",
      actor: "integration",
      actorId: null,
      occurredAt: "2026-03-02T03:04:05Z",
      note: null,
    },
  ] as const;
  const imported = {
    ...explanation,
    decision: null,
    decidedBy: null,
    probability: null,
    verdicts: null,
    events,
    wouldBe,
  };
  const text = linesOf(imported, plain, { all: false, timeZone: "UTC" }).join("\n");
  expect(text).toContain("P1  nothing was decided: it came before the bot");
  expect(text).toContain(
    "would be    held, decided by threshold, had its service been armed, as the champion, v3, says now",
  );
  expect(text).toContain("93 % likely to resolve itself (v3)");
  expect(text).toContain("It learnt from this very incident");
});
