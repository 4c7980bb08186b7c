import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatNames, historyFormats } from "./index.ts";

test("every format has a unique name and a description", () => {
  expect(new Set(formatNames).size).toBe(formatNames.length);
  for (const { description, headings } of historyFormats) {
    expect(description).not.toBe("");
    expect(headings.length).toBeGreaterThan(0);
  }
});

test("every format has a test", () => {
  const files: Readonly<Record<string, string>> = {
    "pd-list": "pd-cli",
    "pd-analytics": "pd-cli",
    "pd2pg-incidents": "pd2pg",
    "pd2pg-log-entries": "pd2pg",
  };
  for (const name of formatNames)
    expect(existsSync(join(import.meta.dirname, `${files[name] ?? name}.test.ts`)), name).toBe(true);
});
