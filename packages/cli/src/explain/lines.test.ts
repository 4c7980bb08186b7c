import { expect, test } from "vitest";
import { linesOf, type Told } from "./lines.ts";

const plain = { bold: String, dim: String };
const rail = (name: string, allowsHold: boolean) => ({ name, allowsHold, sentence: `What ${name} says.` });
const explanation: Told = {
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

test("title, service and time come first, then what mattered", () => {
  const lines = linesOf(explanation, plain, { all: false });
  expect(lines[0]).toBe("Disk full  Database (PDATABASE), opened 2026-03-02 03:04:05 UTC");
  const text = lines.join("\n");
  expect(text).toContain("! hours");
  expect(text).toContain("novelty");
  expect(text).not.toContain("storm");
  expect(text).toContain("2 more guard rails had nothing against it: --all shows them");
});

test("--all shows every guard rail", () => {
  const text = linesOf(explanation, plain, { all: true }).join("\n");
  for (const name of ["mode", "hours", "novelty", "storm"]) expect(text).toContain(`What ${name} says.`);
  expect(text).not.toContain("--all");
});
