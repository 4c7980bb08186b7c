import { importPast } from "@mrdata/history";
import type { PastIncident } from "@mrdata/incident";
import { featureTable, readVersion, replayHistory, writeVersion } from "@mrdata/learning";
import { createLedger, defaultSettings, type Ledger, withMode } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { learnedPredictor } from "@mrdata/responder";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lastMonth, monthLines } from "../../packages/cli/src/arm/last-month.ts";
import { explanationOf } from "../../packages/cli/src/explain/explanation.ts";
import { asIfDecided } from "../../packages/cli/src/past/as-if-decided.ts";
import { readPast } from "../../packages/cli/src/past/ask-champion.ts";
import { readImported } from "../../packages/cli/src/past/read-imported.ts";
import { ALEX, ARMED_POLICY, BOT, FALLBACK_POLICY, SERVICE } from "../simulation/small-account.ts";
import { eventOf } from "../support/events.ts";
import { homeBackend } from "../support/home-ledger.ts";
import { jsonLines, mrdata } from "../support/mrdata.ts";
import { servedPatient } from "../support/patient.ts";
import { aPrediction } from "../support/predictions.ts";
import { anHourAgo, modelsOf, somePast, someVersion } from "../support/trained-version.ts";

const UNTIL = anHourAgo();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let version: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
  version = await someVersion(UNTIL, { windows: true });
});

const service = {
  id: SERVICE,
  name: "Database",
  policyId: FALLBACK_POLICY,
  urgency: "high" as const,
  autoResolveTimeout: null,
  acknowledgementTimeout: null,
};

/** The service is in people's hands; the policy with the bot is prepared, and on nothing. */
async function patient() {
  const one = await servedPatient(version, defaultSettings);
  one.pagerduty.setService(service);
  return one;
}

/** The same version, of which nothing could be certified. */
async function withoutCertificate(files: ReadonlyMap<string, Uint8Array>) {
  const read = await readVersion(async (file) => files.get(file) ?? null);
  return writeVersion(
    { ...read, card: { ...read.card, certificate: null, threshold: null, remark: "12 are missing." } },
    () => "<!doctype html>",
  );
}

describe("mrdata arm", () => {
  test("shows the last 30 days, wants the service's name, writes the setting, and only then asks for the policy", async () => {
    const { run, withLedger, pagerduty } = await patient();
    const now = Date.now();
    await withLedger(async (ledger) => {
      const rules = { windowMs: 5 * MINUTE };
      for (const [i, minutes] of [2, 2, 30].entries()) {
        const incident = `PPAST${i}`;
        const at = now - (i + 1) * DAY;
        await ledger.recordEvent(eventOf({ type: "triggered", incident, at, service: SERVICE }), rules);
        const cleared = at + minutes * MINUTE;
        await ledger.recordEvent(
          eventOf({ type: "resolved", incident, at: cleared, service: SERVICE }),
          rules,
        );
        await ledger.createPrediction(
          aPrediction({ incident, service: SERVICE, mode: "shadow", openedAt: at }),
        );
      }
    });
    const settings = () => withLedger((ledger) => ledger.settings());

    const unconfirmed = await run("arm", SERVICE, "--policy", ARMED_POLICY);
    expect(unconfirmed.code).toBe(2);
    expect(unconfirmed.stdout).toMatch(/In the last 30 days it had 3 incidents/);
    expect(unconfirmed.stdout).toMatch(/3 would have been held, for 5 minutes at the most/);
    expect(unconfirmed.stdout).toMatch(/2 of these resolved themselves/);
    expect(unconfirmed.stdout).toMatch(/1 needed a human: paged 5 minutes late, of 1 that needed one/);
    expect(unconfirmed.stdout).toMatch(
      /New versions are certified for a miss budget of 10 % with a delta of 0\.1, by the last 180 days/,
    );
    expect(unconfirmed.stdout).toMatch(/^5 min \* +\d+\.\d % /m);
    expect(unconfirmed.stdout).toMatch(/From one replay\. Each has a delta of 0\.0167/);
    expect(unconfirmed.stdout).toMatch(/All \d+ needed checks hold\./);
    expect(unconfirmed.stderr).toMatch(/say its name: --confirm='Database'/);
    expect(await settings()).toEqual(defaultSettings);
    const wrong = await run("arm", SERVICE, "--policy", ARMED_POLICY, "--confirm=PDATABASE");
    expect(wrong.code).toBe(2);
    expect(await settings()).toEqual(defaultSettings);

    // This clock is half a minute ahead of PagerDuty's: the arming is dated by theirs.
    pagerduty.faults.set({ clockAhead: -30_000 });
    const { code, stdout, stderr } = await run(
      "arm",
      SERVICE,
      "--policy",
      ARMED_POLICY,
      "--confirm=Database",
      "--who",
      "Robin",
      "--why",
      "two quiet weeks",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/Database is armed, by Robin/);
    expect(stderr).toMatch(/Now put the policy PARMED on Database/);
    expect((await settings()).services[SERVICE]).toEqual({
      mode: "armed",
      policy: ARMED_POLICY,
      who: "Robin",
      at: expect.any(Number),
      why: "two quiet weeks",
    });

    const armedAt = (await settings()).services[SERVICE]?.at ?? Number.POSITIVE_INFINITY;
    expect(armedAt).toBeLessThanOrEqual(Date.now() - 30_000);
    expect(armedAt).toBeGreaterThan(now - 60_000);
    pagerduty.faults.set({ clockAhead: 0 });

    // A person puts the policy on the service; a page then goes by the bot, and reaches people.
    pagerduty.setService({ ...service, policyId: ARMED_POLICY });
    expect((await run("doctor")).code).toBe(0);
    const drill = await run("drill", SERVICE, "--confirm=Database", "--json");
    expect(jsonLines(drill.stdout)).toMatchObject([{ throughBot: true, by: "bot", reached: true }]);
  });

  test("refuses with 4 while a needed check of that policy fails, names it and its fix, and writes nothing", async () => {
    const { run, pagerduty, withLedger } = await patient();
    pagerduty.setPolicy({
      id: ARMED_POLICY,
      name: "Database, Mr Data first",
      repeat: 1,
      rules: [
        { delayMinutes: 5, targets: [{ type: "user", id: BOT.id }] },
        {
          delayMinutes: 15,
          targets: [
            { type: "user", id: ALEX },
            { type: "user", id: BOT.id },
          ],
        },
      ],
    });
    const { code, stdout, stderr } = await run(
      "arm",
      SERVICE,
      "--policy",
      ARMED_POLICY,
      "--confirm=Database",
    );
    expect(code).toBe(4);
    expect(stdout).toMatch(/FAILED +bot-levels +The bot is on level 2 .*\n.*take the user PBOT off level 2/);
    expect(stderr).toMatch(/Database is not armed: bot-levels/);
    expect(await withLedger((ledger) => ledger.settings())).toEqual(defaultSettings);
    const missing = await run("arm", SERVICE, "--policy", "PNOSUCH", "--confirm=Database", "--json");
    expect(missing.code).toBe(4);
    expect(jsonLines(missing.stdout)).toMatchObject([
      {
        armed: false,
        checks: expect.arrayContaining([expect.objectContaining({ name: "level-1", state: "failed" })]),
      },
    ]);
    // As on a bot of which no version was ever promoted.
    await withLedger((ledger) => ledger.demote());
    const unlearned = await run("arm", SERVICE, "--policy", ARMED_POLICY, "--confirm=Database");
    expect(unlearned.code).toBe(4);
    expect(unlearned.stderr).toMatch(/Database is not armed: .*champion/);
    await withLedger((ledger) => ledger.promote("v1"));
    // Of low urgency nothing escalates by itself.
    pagerduty.setService({ ...service, urgency: "low" });
    const low = await run("arm", SERVICE, "--policy", ARMED_POLICY, "--confirm=Database");
    expect(low.code).toBe(4);
    expect(low.stdout).toMatch(/FAILED +urgency +.*of low urgency/);
    expect(await withLedger((ledger) => ledger.settings())).toEqual(defaultSettings);
    expect((await run("arm", "PNOSUCH", "--policy", ARMED_POLICY)).stderr).toMatch(
      /no service 'PNOSUCH' is known/,
    );
  });

  test.each([0, 1])("says so where the ledger's miss budget of %d certifies nothing", async (missBudget) => {
    const { run, withLedger } = await patient();
    await withLedger((ledger) => ledger.saveSettings({ ...defaultSettings, missBudget }));
    const { code, stderr } = await run("arm", SERVICE, "--policy", ARMED_POLICY, "--confirm=Database");
    expect([code, stderr]).toEqual([2, expect.stringContaining(`a miss budget of ${missBudget} allows`)]);
    expect((await withLedger((ledger) => ledger.settings())).services).toEqual({});
  });

  test("refuses with what is missing where the champion has no certificate, and writes nothing", async () => {
    const { run, withLedger, home, env } = await patient();
    await (await homeBackend(home, env).models()).publish("v2", await withoutCertificate(version));
    await withLedger((ledger) => ledger.promote("v2"));
    const { code, stderr } = await run("arm", SERVICE, "--policy", ARMED_POLICY, "--confirm=Database");
    expect([code, stderr]).toEqual([
      4,
      expect.stringMatching(
        /Database is not armed: the champion has no certificate for the miss budget \(12 are missing\), and.*'mrdata train --promote'/su,
      ),
    ]);
    expect((await withLedger((ledger) => ledger.settings())).services).toEqual({});
    expect((await run("mode", SERVICE, "annotate")).code).toBe(0);
  });

  test("refuses where the champion was certified for a larger budget than is set; status says so too", async () => {
    const { run, withLedger } = await patient();
    const set = await run("settings", "missBudget", "0.02");
    expect(set.stderr).toContain("'mrdata train --promote' makes a version for what is set");
    const said = /is certified for a miss budget of 10 %, and 2 % is set.*'mrdata train --promote'/su;
    const { code, stderr } = await run("arm", SERVICE, "--policy", ARMED_POLICY, "--confirm=Database");
    expect([code, stderr]).toEqual([4, expect.stringMatching(said)]);
    expect((await withLedger((ledger) => ledger.settings())).services).toEqual({});
    const status = await run("status");
    expect(status.stdout.replace(/\s+/g, " ")).toMatch(said);
  });

  test("needs a policy to be named", async () => {
    const { code, stderr } = await mrdata(["arm", SERVICE]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--policy/);
  });
});

describe("a past that came before the bot, by an import say", () => {
  const now = UNTIL;
  const past = somePast(now);
  const windowMs = 5 * MINUTE;
  const details = { numbers: ["load"], texts: ["region"] };
  let ledger: Ledger;
  const models = () => modelsOf({ v1: version });
  beforeAll(async () => {
    ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
    await importPast(ledger, past, { windowMs, details, maxBatchSize: 500, concurrency: 1 });
    await ledger.promote("v1");
  });
  afterAll(() => ledger.close());

  const monthOf = (at: number) => {
    const asked = { now: at, windowMs, settings: defaultSettings, timeZone: "UTC" };
    return lastMonth({ ledger, models: models() }, SERVICE, asked);
  };

  test("arming looks back on it by what the champion says, and tells of how much of it that learnt", async () => {
    const month = await monthOf(now);
    expect(month).toMatchObject({ incidents: 400, unpredicted: 0, asked: { model: "v1", refused: null } });
    expect(month.asked).toMatchObject({ incidents: 400, learntFrom: 400 });
    // A disk that nearly always resolves itself, and a checkout that hardly ever does.
    expect(month.spared).toBeGreaterThan(20);
    expect(month.misses).toBeLessThan(month.spared / 4);
    expect(month.pagedAtOnce).toBeGreaterThan(150);
    const lines = monthLines(month, windowMs, now).join("\n");
    expect(lines).toContain("In the last 30 days it had 400 incidents.");
    expect(lines).toContain(
      "Of 400 of these nothing was decided, for they came before the bot: the champion, v1, was asked",
    );
    expect(lines).toContain("From 400 of them it learnt");
  });

  test("a past that ended long ago is told with its date, and not as none", async () => {
    const later = now + 300 * DAY;
    const month = await monthOf(later);
    expect(month).toMatchObject({ incidents: 400, to: new Date(past.at(-1)?.createdAt ?? 0).toISOString() });
    const [first] = monthLines(month, windowMs, later);
    const day = new Date(past.at(-1)?.createdAt ?? 0).toISOString().slice(0, 10);
    expect(first).toBe(
      `In the last 30 days it had no incident. In the 30 days to its last one, on ${day}, it had 400. Under this policy:`,
    );
    const none = await lastMonth({ ledger, models: models() }, "PNEVER", {
      now,
      windowMs,
      settings: defaultSettings,
      timeZone: "UTC",
    });
    expect(monthLines(none, windowMs, now)).toEqual([
      "No incident of it was ever recorded: nothing says what the bot would have done.",
    ]);
  });

  test("what the champion says of an incident is what a replay of the past gives, and knows nothing of what came later", async () => {
    const predictor = learnedPredictor("v1", await readVersion(async (file) => version.get(file) ?? null));
    const decidedOf = (known: readonly PastIncident[]) =>
      asIfDecided(known, ({ id }) => id === "PAST250", { predictor, settings: defaultSettings, windowMs });
    const { incidents, columns } = replayHistory(past, windowMs, predictor.details);
    const [whole, cut] = [decidedOf(past).get("PAST250"), decidedOf(past.slice(0, 251)).get("PAST250")];
    const i = incidents.findIndex(({ id }) => id === "PAST250");
    const names = featureTable(predictor.details).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(30);
    for (const [k, name] of names.entries())
      expect(whole?.features[name] ?? Number.NaN, name).toBe(columns[k]?.[i]);
    expect(cut).toEqual(whole);
  });

  test("explain and the list of decisions tell of it; without a champion that can be read they say why not", async () => {
    const ports = { ledger, models: models(), windowOf: async () => windowMs, past: () => readPast(ledger) };
    const { wouldBe, decision, outcome } = await explanationOf(ports, "PAST399", now);
    expect(decision).toBeNull();
    expect(outcome).not.toBeNull();
    expect(wouldBe).toMatchObject({ model: "v1", learntFrom: true, probability: expect.any(Number) });
    expect(wouldBe?.moved.length).toBeGreaterThan(0);
    const options = { since: now - 10 * DAY, now, windowMs, settings: null, progress: () => {} };
    const imported = await readImported({ ledger, models: models() }, options);
    expect(imported).toMatchObject({ model: "v1", refused: null, count: 160 });
    expect(imported.rows).toHaveLength(160);
    expect(imported.counts.hit).toBeGreaterThan(0);
    expect(
      imported.rows.every(({ heldSeconds, feedback }) => heldSeconds === 0 && feedback.length === 0),
    ).toBe(true);
    const gone = await readImported({ ledger, models: modelsOf({}) }, options);
    expect(gone).toMatchObject({ rows: [], count: 160, refused: expect.stringContaining("v1 is refused") });
    expect(await ledger.predictions({ limit: 1 })).toEqual([]);
  });
});

describe("mrdata mode", () => {
  test("an armed service that is annotated is disarmed, and keeps its policy in mind", async () => {
    const armed = withMode(
      defaultSettings,
      SERVICE,
      { mode: "armed", policy: ARMED_POLICY },
      { who: "Robin", at: 0, why: "" },
    );
    const { run, withLedger } = await servedPatient(version, armed);
    const { code, stderr } = await run("mode", SERVICE, "annotate", "--why", "too many misses");
    expect(code).toBe(0);
    expect(stderr).toMatch(/Take the policy PARMED off the service/);
    expect((await withLedger((ledger) => ledger.settings())).services[SERVICE]).toMatchObject({
      mode: "annotate",
      policy: ARMED_POLICY,
      why: "too many misses",
    });
    // With a key PagerDuty is asked, which knows services by name.
    const misspelt = await run("mode", "Databse", "annotate");
    expect(misspelt).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no service 'Databse' is known.* Did you mean PDATABASE \(Database\)\?/),
    });
  });
});
