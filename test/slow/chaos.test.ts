import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { breaks } from "../chaos/breaks.ts";
import { faultNames } from "../chaos/faults.ts";
import { runJob } from "../chaos/job.ts";
import type { VersionFiles } from "../chaos/models.ts";
import { trainChampion } from "../chaos/train.ts";

let version: VersionFiles;
beforeAll(async () => {
  version = await trainChampion(1, () => {});
}, 300_000);

const run = (fault: string, options: { incidents?: number; http?: boolean; broken?: number } = {}) =>
  runJob({
    fault,
    incidents: options.incidents ?? 250,
    seed: 1,
    http: options.http ?? false,
    broken: options.broken ?? null,
    version,
  });

test.each(faultNames)("under %s every promise holds", async (fault) => {
  const { violations, line } = await run(fault);
  expect(violations).toEqual([]);
  expect(line.incidents).toBeGreaterThanOrEqual(250);
});

test("over HTTP the same happens as in one process", async () => {
  const [inProcess, overHttp] = [await run("none"), await run("none", { http: true })];
  expect(overHttp.violations).toEqual([]);
  expect(overHttp.line).toEqual(inProcess.line);
});

/** What the run must say of each broken invariant. */
const said: Readonly<Record<number, RegExp>> = {
  1: /acknowledged, resolved or lowered/,
  2: /was not held/,
  3: /was not held|without a decision/,
  4: /by the bot while a person had it/,
  5: /it came back/,
  6: /recorded events never happened/,
  7: /features of \w+ are others/,
  8: /before it happened|never happened/,
  9: /are in no timeline/,
};

describe("an invariant that is broken on purpose is noticed", () => {
  test.each(breaks)("$invariant: $what", async ({ invariant, under }) => {
    const { violations } = await run(under, { broken: invariant });
    expect(violations.join("\n")).toMatch(said[invariant] ?? /never/);
  });

  test("and the command exits 1", () => {
    const done = spawnSync(
      process.execPath,
      ["test/chaos/main.ts", "--break", "9", "--incidents", "100", "--json"],
      { encoding: "utf8" },
    );
    expect(done.status).toBe(1);
    expect(JSON.parse(done.stdout)).toMatchObject({ fault: "none", ackedResolvedOrLowered: 0 });
    expect(done.stderr).toContain("are in no timeline");
  });
});
