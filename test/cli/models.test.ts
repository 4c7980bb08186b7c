import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { asLines, madeHistory, realHistory } from "../support/made-history.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";
import { anHourAgo, someVersion } from "../support/trained-version.ts";

const trainedLine = z.looseObject({
  certificate: z.unknown(),
  card: z.looseObject({ certificate: z.unknown() }),
});

let version: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
  version = await someVersion(anHourAgo());
});

/** A version's folder, as `mrdata train --out` writes it. */
function folder(): string {
  const made = join(temporaryFolder(), "version");
  mkdirSync(made);
  for (const [name, bytes] of version) writeFileSync(join(made, name), bytes);
  return made;
}

test("versions are published, promoted, listed, and rolled back", async () => {
  const home = temporaryFolder();
  const run = async (...args: readonly string[]) => {
    const ran = await mrdataHere(["models", ...args, "--home", home, "--json"]);
    expect([args, ran.code, ran.stderr]).toEqual([args, 0, ""]);
    return jsonLines(ran.stdout);
  };
  expect(await run("publish", folder(), "--promote")).toMatchObject([{ version: "v1", promoted: true }]);
  expect(await run("publish", folder())).toMatchObject([{ version: "v2", promoted: false }]);
  expect(await run("promote", "v2")).toEqual([{ champion: "v2" }]);
  expect(await run("list")).toMatchObject([
    { version: "v2", aliases: ["champion"] },
    { version: "v1", aliases: ["previous"] },
  ]);
  expect(await run("rollback")).toEqual([{ champion: "v1", previous: "v2" }]);
  const shown = await mrdataHere(["models", "list", "--home", home]);
  expect(shown.stdout).toMatch(/^v2 +previous +\d{4}-\d\d-\d\d/m);
  expect(shown.stdout).toMatch(/^v1 +champion +\d{4}-\d\d-\d\d +300 s +\d+ % /m);

  // Everybody who asks how the bot stands reads that nothing becomes champion by itself, until somebody says `resume`.
  const words = async (command: string) => {
    const { stdout, stderr } = await mrdataHere([command, "--home", home]);
    return `${stdout} ${stderr}`.replaceAll(/\s+/gu, " ");
  };
  const said = /Nothing becomes champion by itself: v2 was rolled back to v1[;.] 'mrdata models resume'/;
  for (const command of ["status", "jobs"]) expect(await words(command), command).toMatch(said);
  expect(await run("resume")).toEqual([{ resumed: true }]);
  for (const command of ["status", "jobs"])
    expect(await words(command), command).not.toMatch(/by itself: v2/);
});

test("what cannot be used is neither published nor promoted, and says why", async () => {
  const home = temporaryFolder();
  const run = (...args: readonly string[]) =>
    mrdataHere(["models", ...args, "--home", home], { env: { MRDATA_WINDOW: "5m" } });
  const broken = folder();
  writeFileSync(join(broken, "model.bst"), readFileSync(join(broken, "model.bst")).subarray(1));
  const [changed, missing, whole] = await Promise.all([
    run("publish", broken),
    run("publish", "/no/such/folder"),
    run("publish", folder()),
  ]);
  expect(changed.code).toBe(1);
  expect(changed.stderr).toMatch(/model\.bst is not the one that its card was written for/);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toMatch(/is not a version's folder/);
  expect(whole.code).toBe(0);

  const [unknown, nameless, otherWindow, noWayBack] = await Promise.all([
    run("promote", "v9"),
    run("promote", "nine"),
    mrdataHere(["models", "promote", "v1", "--home", home], { env: { MRDATA_WINDOW: "10m" } }),
    run("rollback"),
  ]);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(/no model version v9 is published: see/);
  expect(nameless.code).toBe(2);
  expect(otherWindow.code).toBe(1);
  expect(otherWindow.stderr).toMatch(/for a window of 300 s, and the functions work with 600 s/);
  expect(noWayBack.code).toBe(1);
  expect(noWayBack.stderr).toMatch(/no previous champion/);
});

test("a version that holds nothing does not take the place of a champion that holds, unless it is told to", async () => {
  const home = temporaryFolder();
  const run = (...args: readonly string[]) =>
    mrdataHere([...args, "--home", home], { env: { MRDATA_WINDOW: "5m" } });
  const train = (name: string, rows: readonly unknown[]) => {
    const file = join(home, `${name}.ndjson`);
    writeFileSync(file, asLines(rows));
    return run("train", file, "--window", "5m", "--refits", "1", "--miss-budget", "0.5", "--promote");
  };
  const first = await train("flapping", madeHistory(240));
  expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/^v1 in .*holds from /su)]);
  // Of the version's own threshold: one that holds has spared something.
  const spared = /of (\d+) past predictions, pages spared ([\d.]+) %/u.exec(first.stdout);
  expect(Number(spared?.[1])).toBeGreaterThanOrEqual(20);
  expect(Number(spared?.[2])).toBeGreaterThan(0);
  const verified = await run("models", "verify", "v1");
  expect([verified.code, verified.stdout]).toEqual([
    0,
    expect.stringMatching(/^the version: recomputed, and the same/),
  ]);
  const second = await train("real", realHistory(240));
  expect([second.code, second.stdout]).toEqual([4, expect.stringMatching(/^v2 in /)]);
  expect(second.stderr).toMatch(/v2 holds nothing, and the champion v1 does: it stays champion/);
  const refused = await run("models", "promote", "v2");
  expect([refused.code, refused.stdout]).toEqual([4, ""]);
  const demoted = await run("models", "demote");
  expect([demoted.code, demoted.stdout]).toEqual([
    0,
    expect.stringMatching(/^v1 is champion no more, and there is none/),
  ]);
  expect((await run("status")).stdout).toMatch(/champion +none/);
  expect((await run("models", "demote")).code).toBe(1);
  const alone = await run("models", "promote", "v2");
  expect([alone.code, alone.stderr]).toEqual([
    4,
    expect.stringMatching(/v2 holds nothing, and there is no champion/),
  ]);
  const back = await run("models", "rollback");
  expect([back.code, back.stdout]).toEqual([0, expect.stringMatching(/^v1 is champion again/)]);
  const forced = await run("models", "promote", "v2", "--even-so");
  expect([forced.code, forced.stdout]).toEqual([0, expect.stringMatching(/^v2 is champion now/)]);
});

test("where only the alert type's own rate can be certified, it is stored as a version, and nothing else holds", async () => {
  const home = temporaryFolder();
  const run = (...args: readonly string[]) =>
    mrdataHere([...args, "--home", home], { env: { MRDATA_WINDOW: "5m" } });
  // Forty real ones: enough for the rate, whose rows nobody chose; too few for a version, whose rows must not choose.
  const rows = Array.from({ length: 240 }, (_, i) => ({
    id: `P${String(i).padStart(3, "0")}`,
    service: "PDATABASE",
    title: i % 6 === 0 ? "Checkout answers 503" : "Disk 91% full",
    created_at: new Date(Date.parse("2026-03-02T00:00:00Z") + i * 3_600_000).toISOString(),
    resolved_at: new Date(
      Date.parse("2026-03-02T00:00:00Z") + i * 3_600_000 + (i % 6 === 0 ? 2_400_000 : 120_000),
    ).toISOString(),
    resolved_by: i % 6 === 0 ? "human" : "integration",
  }));
  const file = join(home, "history.ndjson");
  writeFileSync(file, asLines(rows));
  const trained = await run("train", file, "--refits", "4", "--json", "--no-windows", "--promote");
  expect(jsonLines(trained.stdout)).toMatchObject([
    {
      version: "v1",
      certificate: null,
      card: { remark: expect.stringMatching(/are missing/) },
      fallback: "v2",
    },
  ]);
  expect((await run("models", "list")).stdout).toMatch(/^v2 .* \d+ % .*historical-rate/m);
  const verified = await run("models", "verify", "v2", "--json");
  expect(jsonLines(verified.stdout)).toMatchObject([
    { certificates: [{ of: "version", problem: null, certificate: { budget: 0.1 } }, { of: "fallback" }] },
  ]);
  // So neat a history is suspect.
  expect((await run("models", "promote", "v2", "--i-know")).code).toBe(0);
});

test("a training as a job tells machines what one here does, its certificate too", async () => {
  const home = temporaryFolder();
  const file = join(home, "history.ndjson");
  writeFileSync(file, asLines(madeHistory(300)));
  const asked = ["train", file, "--refits", "1", "--no-windows", "--miss-budget", "0.4", "--delta", "0.4"];
  const run = async (...args: readonly string[]) => {
    const { code, stdout } = await mrdataHere([...asked, ...args, "--home", home, "--json"], {
      env: { MRDATA_WINDOW: "30m" },
    });
    expect(code).toBe(0);
    return jsonLines(stdout).map((line) => trainedLine.parse(line));
  };
  const [[here], [job]] = [await run(), await run("--distributed", "1")];
  if (here === undefined || job === undefined) throw new Error("both tell of a version");
  expect(here.certificate).not.toBeNull();
  expect(job.certificate).toEqual(job.card.certificate);
  expect(job.certificate).toEqual(here.certificate);
  const fields = (of: object) => Object.keys(of).filter((name) => name !== "onPast" && name !== "job");
  expect(fields(job).toSorted()).toEqual(fields(here).toSorted());
});

test.each([
  [["--miss-budget", "0"], "a miss budget of 0 allows no miss at all"],
  [["--miss-budget", "1"], "a miss budget of 1 allows every miss"],
  [["--delta", "0"], "delta is the chance that the certificate is wrong"],
  [["--delta", "0.6"], "delta is the chance that the certificate is wrong"],
] as const)("what cannot be certified is refused in a sentence: %j", async (flags, sentence) => {
  const home = temporaryFolder();
  const file = join(home, "history.ndjson");
  writeFileSync(file, asLines(madeHistory(240)));
  for (const command of ["train", "backtest"]) {
    const { code, stderr } = await mrdataHere([command, file, ...flags, "--home", home], { env: {} });
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  }
});
