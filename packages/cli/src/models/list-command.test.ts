import { describe, expect, test } from "vitest";
import { versionLines } from "./list-command.ts";
import type { ListedVersion } from "./list-versions.ts";

const champion: ListedVersion = {
  version: "v12",
  aliases: ["champion"],
  trainedAt: "2026-03-01T03:00:00.000Z",
  window: 300,
  threshold: 0.874,
  incidents: 4067,
  learner: "forest",
  auc: 0.8614,
  remark: null,
  refused: null,
};
const versions: readonly ListedVersion[] = [
  champion,
  { ...champion, version: "v11", aliases: ["previous"], threshold: null },
  {
    version: "v3",
    aliases: [],
    trainedAt: null,
    window: null,
    threshold: null,
    incidents: null,
    learner: null,
    auc: null,
    remark: null,
    refused: "its model.bst is not the one that its card was written for",
  },
];
const at = (columns?: number) =>
  versionLines(versions, { bold: String, ...(columns === undefined ? {} : { columns }) });

test("each version has a line, with the reasons for refusals below", () => {
  expect(at()).toEqual([
    "version  alias     trained     window  holds from  incidents    AUC  learner",
    "v12      champion  2026-03-01   300 s        87 %       4067  0.861  forest",
    "v11      previous  2026-03-01   300 s     nothing       4067  0.861  forest",
    "v3                                        refused",
    "v3 is refused: its model.bst is not the one that its card was written for",
  ]);
});

describe.each([24, 40, 80])("in a terminal of %i columns", (columns) => {
  test("no line is longer, and the reason is complete", () => {
    for (const line of at(columns)) expect(line.length).toBeLessThanOrEqual(columns);
    expect(at(columns).join(" ").replaceAll(/\s+/gu, " ")).toContain(
      "its model.bst is not the one that its card was written for",
    );
  });
});

test("without versions there is no table", () => {
  expect(versionLines([], { bold: String })).toEqual([]);
});
