import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("at as many delayed real incidents the model spares more night pages than the alert type's own rate, beyond the interval", () => {
  const { status, stdout } = spawnSync(process.execPath, ["test/worth/main.ts", "--json"], {
    encoding: "utf8",
  });
  const lines: readonly unknown[] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(7);
  expect(lines.at(-1)).toMatchObject({ beyondTheInterval: true });
  expect(status).toBe(0);
});
