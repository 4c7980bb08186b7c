import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { certificateSentence } from "@mrdata/learning";
import { defaultSettings, disarmService, type Ledger, type Settings, withMode } from "@mrdata/platform";
import { expect, test } from "vitest";
import { z } from "zod";
import { certifiedRateFiles, rateCertificate } from "../support/certified-rate.ts";
import { eventOf } from "../support/events.ts";
import { homeBackend, withHomeLedger } from "../support/home-ledger.ts";
import { asLines, madeHistory, realHistory } from "../support/made-history.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";
import { aPrediction } from "../support/predictions.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = Date.now();
const SERVICE = "PDATABASE";
const env = { MRDATA_WINDOW: "5m" };

/** A history in which everything resolves itself in time: nothing tells what a hold would delay. */
const neverReal = madeHistory(240).map((row) => ({
  ...row,
  resolved_at: new Date(Date.parse(row.created_at) + 2 * MINUTE).toISOString(),
}));

test.each([
  [
    "none of them real",
    neverReal,
    /No past prediction was of an incident that needed a human, and 22 are the fewest that a certificate takes: 22 are missing/,
  ],
  ["all of them real", realHistory(240), /[Ee]very incident .*needed a human.*nothing to hold/],
] as const)(
  "a past of which nothing can be certified holds nothing and says why: %s",
  async (_, rows, said) => {
    const home = temporaryFolder();
    const file = join(home, "history.ndjson");
    writeFileSync(file, asLines(rows));
    const run = async (...args: readonly string[]) => {
      const ran = await mrdataHere([...args, "--home", home], { env });
      return { ...ran, said: `${ran.stdout} ${ran.stderr}`.replace(/\s+/g, " ") };
    };
    const tried = await run("backtest", file, "--window", "5m", "--refits", "1", "--no-windows");
    expect([tried.code, tried.said]).toEqual([0, expect.stringMatching(said)]);
    expect(tried.said).toContain("No certificate: ");
    const trained = await run("train", file, "--refits", "1", "--no-windows", "--json");
    expect([trained.code, ...jsonLines(trained.stdout)]).toMatchObject([
      0,
      {
        certificate: null,
        fallback: null,
        card: { certificate: null, threshold: null, remark: expect.stringMatching(said) },
      },
    ]);
  },
);

const armedAt = (settings: Settings, at: number): Settings =>
  withMode(settings, SERVICE, { mode: "armed", policy: "PARMED" }, { who: "PROBIN", at, why: "a test" });

/** A home whose service was armed nine days ago; `mrdata status --json` on it, and changes of its ledger. */
async function armedHome() {
  const home = temporaryFolder();
  const change = <T>(work: (ledger: Ledger) => Promise<T>): Promise<T> => withHomeLedger(home, work);
  await change((ledger) => ledger.saveSettings(armedAt(defaultSettings, NOW - 9 * DAY)));
  const status = async () => {
    const { stdout } = await mrdataHere(["status", "--home", home, "--json"], { env });
    const [line] = jsonLines(stdout);
    return z.looseObject({ budgetEvidence: z.looseObject({ evidence: z.number() }).nullable() }).parse(line);
  };
  const text = async () =>
    (await mrdataHere(["status", "--home", home], { env })).stdout.replace(/\s+/g, " ");
  /** A real incident of so many days ago: paged at once, or held and missed. */
  const real = (incident: string, daysAgo: number, missed: boolean) =>
    change(async (ledger) => {
      const openedAt = NOW - daysAgo * DAY;
      for (const [type, at] of [
        ["triggered", openedAt],
        ["resolved", openedAt + 30 * MINUTE],
      ] as const)
        await ledger.recordEvent(eventOf({ type, incident, at, service: SERVICE }), { windowMs: 5 * MINUTE });
      const holdUntil = missed ? openedAt + 5 * MINUTE : null;
      await ledger.createPrediction(
        aPrediction({
          incident,
          service: SERVICE,
          openedAt,
          decidedAt: openedAt,
          holdUntil,
          decision: missed ? "hold" : "page",
          ...(missed && { unsettled: true }),
        }),
      );
      if (missed) await ledger.settleHold(incident, openedAt + 5 * MINUTE);
    });
  return { home, change, status, text, real };
}

test("the evidence is null before the first real incident, then told whole; a new champion does not begin it anew, an arming does", async () => {
  const { change, status, text, real } = await armedHome();
  expect((await status()).budgetEvidence).toBeNull();
  expect(await text()).toContain("none yet: no incident of an armed service has needed a human");

  await real("PREAL1", 8, false);
  await real("PREAL2", 7, true);
  await real("PREAL3", 6, false);
  const { budgetEvidence: told } = await status();
  expect(told).toEqual({
    evidence: expect.any(Number),
    warnsAt: 5,
    disarmsAt: 125,
    real: 3,
    misses: 1,
    since: new Date(NOW - 8 * DAY).toISOString(),
  });
  expect(told?.evidence).toBeGreaterThan(1);
  expect(await text()).toMatch(
    /for a miss rate above the budget \(5 warns, 125 disarms\), by 1 misses of 3 since/,
  );

  await change(async (ledger) => {
    await ledger.promote("v1");
    await ledger.promote("v2");
  });
  expect((await status()).budgetEvidence).toEqual(told);

  await change((ledger) => ledger.changeSettings((before) => armedAt(before, NOW - 5 * DAY)));
  expect((await status()).budgetEvidence).toBeNull();
  await real("PREAL4", 4, false);
  const anew = (await status()).budgetEvidence;
  expect(anew).toMatchObject({ real: 1, misses: 0, since: new Date(NOW - 4 * DAY).toISOString() });
  expect(anew?.evidence).toBeLessThanOrEqual(1);

  const off = { who: "Robin", at: NOW - 3 * DAY, why: "a look" };
  await change((ledger) => ledger.changeSettings((before) => disarmService(before, SERVICE, off)));
  expect((await status()).budgetEvidence).toBeNull();
});

test.each([
  [0, "a miss budget of 0 allows no miss at all"],
  [1, "a miss budget of 1 allows every miss"],
])("status says in a sentence that nothing is counted for a miss budget of %d", async (missBudget, said) => {
  const { change, text, status, real } = await armedHome();
  await change((ledger) => ledger.changeSettings((before) => ({ ...before, missBudget })));
  await real("PREAL1", 8, false);
  expect(await text()).toContain(`No evidence is counted: ${said}`);
  expect(await status()).toMatchObject({
    budgetEvidence: null,
    budgetWarning: expect.stringContaining(said),
  });
});

test("once there is no champion any more, status tells what the alert type's own rate promises at once", async () => {
  const { home, change, text } = await armedHome();
  const models = await homeBackend(home, env).models();
  await models.publish("v1", certifiedRateFiles(5 * MINUTE));
  await models.publish("v2", certifiedRateFiles(5 * MINUTE));
  await change((ledger) => ledger.promote("v2"));
  expect((await mrdataHere(["models", "demote", "--home", home], { env })).code).toBe(0);
  expect(await text()).toContain(certificateSentence(rateCertificate).replace(/\s+/g, " "));
});
