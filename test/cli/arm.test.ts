import { defaultSettings, withMode } from "@mrdata/platform";
import { beforeAll, describe, expect, test } from "vitest";
import { ALEX, ARMED_POLICY, BOT, FALLBACK_POLICY, SERVICE } from "../simulation/small-account.ts";
import { eventOf } from "../support/events.ts";
import { jsonLines, mrdata } from "../support/mrdata.ts";
import { servedPatient } from "../support/patient.ts";
import { aPrediction } from "../support/predictions.ts";
import { anHourAgo, someVersion } from "../support/trained-version.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let version: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
  version = await someVersion(anHourAgo(), { windows: true });
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

describe("mrdata arm", () => {
  test("shows the last 30 days, wants the service's name, writes the setting, and only then asks for the policy", async () => {
    const { run, withLedger, pagerduty } = await patient();
    const now = Date.now();
    await withLedger(async (ledger) => {
      const rules = { window: 5 * MINUTE };
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

  test("needs a policy to be named", async () => {
    const { code, stderr } = await mrdata(["arm", SERVICE]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--policy/);
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
