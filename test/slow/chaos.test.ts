import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { beforeAll, describe, expect, test } from "vitest";
import { breaks, nameOfBreak } from "../chaos/breaks.ts";
import { nameOfJob, playAll } from "../chaos/crew.ts";
import { faultNames } from "../chaos/faults.ts";
import { type Job, runJob } from "../chaos/job.ts";
import type { VersionFiles } from "../chaos/models.ts";
import { pairsOf } from "../chaos/pairs.ts";
import { trainChampion } from "../chaos/train.ts";

let version: VersionFiles;
beforeAll(async () => {
  version = await trainChampion(1, () => {});
}, 300_000);

const jobOf = (
  fault: string,
  options: { incidents?: number; http?: boolean; broken?: number; seed?: number } = {},
): Job => ({
  fault,
  incidents: options.incidents ?? 250,
  seed: options.seed ?? 1,
  http: options.http ?? false,
  broken: options.broken ?? null,
  version,
});
const run = (...of: Parameters<typeof jobOf>) => runJob(jobOf(...of));

test.each(faultNames)("under %s every promise holds", async (fault) => {
  const { violations, line } = await run(fault);
  expect(violations).toEqual([]);
  expect(line.incidents).toBeGreaterThanOrEqual(250);
  expect(line.firstPersonWorstSeconds).toBeLessThanOrEqual(line.allowedDelaySeconds);
});

test.each([
  ["storm-500", 500],
  ["storm-2000", 2_000],
])("in %s everybody is told within a minute", async (fault, incidents) => {
  const { line } = await run(fault, { incidents });
  expect(line.storm).toMatchObject({ toldWithin60s: line.storm?.incidents });
});

/** Another seed each week plays other pairs; a failure names the seed. */
const SEED = 1;
const PAIRS = 40;
test(`${PAIRS} pairs of faults, drawn by the seed ${SEED}, keep every promise`, {
  timeout: 1_800_000,
}, async () => {
  const broken: string[] = [];
  let played = 0;
  // Its pairs are for `npm run chaos -- --pairs`: where PagerDuty answers nothing, nobody can be given what a program took.
  const names = faultNames.filter((name) => name !== "agent-acks");
  const jobs = pairsOf(names, PAIRS, SEED).map((fault) => jobOf(fault, { incidents: 500, seed: SEED }));
  await playAll(jobs, availableParallelism(), {
    onDone: (job, { violations, line }) => {
      played++;
      expect(line.incidents).toBeGreaterThanOrEqual(500);
      broken.push(...violations.map((violation) => `${nameOfJob(job)}: ${violation}`));
    },
  });
  expect(broken).toEqual([]);
  expect(played).toBe(PAIRS);
});

test("over HTTP the same happens as in one process", async () => {
  const [inProcess, overHttp] = [await run("none"), await run("none", { http: true })];
  expect(overHttp.violations).toEqual([]);
  expect(overHttp.line).toEqual(inProcess.line);
});

/** What the run must say of each broken invariant and promise. */
const said: Readonly<Record<string, RegExp>> = {
  1: /acknowledged, resolved or lowered/,
  2: /was not held/,
  3: /was not held|without a decision/,
  4: /by the bot while a person had it/,
  5: /it came back/,
  6: /recorded events never happened/,
  7: /features of \w+ are others/,
  8: /before it happened|never happened/,
  9: /are in no timeline/,
  P1: /no person knew of \w+ for/,
  P2: /was not held/,
  P3: /restarted the timer of \w+, which would have reached a person/,
  P4: /"mrdata: disarm" on \w+ was not obeyed at all/,
  P5: /was held when no policy could be read for/,
};

describe("what is broken on purpose is noticed", () => {
  test.each(breaks)("$invariant: $what", async (broken) => {
    // Where requests hang little is held: it takes more to meet a hold that should not be.
    const incidents = broken.under === "rest-hangs" ? 800 : 250;
    const { violations } = await run(broken.under, { broken: broken.invariant, incidents });
    expect(violations.join("\n")).toMatch(said[nameOfBreak(broken)] ?? /never/);
  });

  test("and by the waiting times alone nobody would have noticed that no person was told", async () => {
    const broken = breaks.find((one) => nameOfBreak(one) === "P1");
    const { bySpells, violations } = await run("policy-edited", { broken: broken?.invariant ?? 0 });
    expect(bySpells.filter((violation) => violation.includes(" waited "))).toEqual([]);
    expect(violations.join("\n")).toMatch(/no person knew of/);
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
