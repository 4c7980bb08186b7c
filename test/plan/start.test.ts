import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const start = join(import.meta.dirname, "../../infra/start.mjs");

test("an old Node is told in a sentence what to do, before anything else", () => {
  const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})';
  const { stderr, status } = spawnSync(process.execPath, ["--import", older, start], { encoding: "utf8" });
  expect(status).not.toBe(0);
  expect(stderr).toContain(
    "RunError: Mr Data's program runs on Node 24 or newer, and this is Node 20.20.2: start Pulumi as npm run pulumi -- up, which brings one.",
  );
});
