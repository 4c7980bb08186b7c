import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withHomeLedger } from "../support/home-ledger.ts";
import { asLines, madeHistory } from "../support/made-history.ts";
import { jsonLines, mrdata, startMrdata, temporaryFolder } from "../support/mrdata.ts";

const TRIALS = "5";

/** The tuning of a home, and how many of its tasks are done. */
const tuningOf = (home: string) =>
  withHomeLedger(home, async ({ training }) => {
    const job = (await training.jobs({ limit: 5 })).find(({ kind }) => kind === "tune");
    if (job === undefined) return { id: null, done: 0 };
    const tasks = await training.tasksOf(job.id);
    return { id: job.id, done: tasks.filter(({ outcome }) => outcome !== null).length };
  });

test("the command tunes, is killed in the middle, and goes on with --resume: what it found is the gate's to decide about", async () => {
  const home = temporaryFolder();
  const file = join(home, "history.ndjson");
  const page = join(home, "tuned.html");
  writeFileSync(file, asLines(madeHistory(330)));
  const begin = ["tune", file, "--home", home, "--trials", TRIALS, "--distributed", "2", "--json"];
  const first = startMrdata(begin, {});
  await expect
    .poll(async () => (existsSync(join(home, "ledger.sqlite")) ? (await tuningOf(home)).done : 0), {
      interval: 200,
    })
    .toBeGreaterThan(4);
  first.kill("SIGKILL");
  await first.ended;

  const { id, done } = await tuningOf(home);
  const { code, stdout, stderr } = await mrdata([
    "tune",
    "--home",
    home,
    "--resume",
    id ?? "",
    "--distributed",
    "2",
    "--page",
    page,
    "--json",
  ]);
  expect(code, stderr).toBe(0);
  const [tuned] = jsonLines(stdout);
  expect(tuned).toMatchObject({
    job: id,
    reason: expect.stringMatching(/\.$/),
    trials: expect.toSatisfy((trials: readonly unknown[]) => String(trials.length) === TRIALS),
  });
  expect(readFileSync(page, "utf8")).toContain("<svg");
  // What was done before the kill was not done again.
  expect(done).toBeGreaterThan(4);
  await withHomeLedger(home, async (ledger) => {
    expect(await ledger.training.job(id ?? "")).toMatchObject({ state: "done", kind: "tune" });
    const version = await ledger.training.job(`${id}-version`);
    const { learners } = await ledger.training.state();
    // Settings take their place with a champion, or not at all.
    expect(learners === null).toBe(version === null || version.reason !== null);
    expect((await ledger.alias("champion")) === null).toBe(version === null || version.reason !== null);
  });
});
