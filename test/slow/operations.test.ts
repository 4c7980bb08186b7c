import { setTimeout } from "node:timers/promises";
import { defaultSettings } from "@mrdata/platform";
import { expect, test } from "vitest";
import { ARMED_POLICY, BOT, FALLBACK_POLICY, ROBIN, SERVICE } from "../simulation/small-account.ts";
import { servedPatient } from "../support/patient.ts";
import { anHourAgo, someVersion } from "../support/trained-version.ts";

const service = {
  id: SERVICE,
  name: "Database",
  policyId: FALLBACK_POLICY,
  urgency: "high" as const,
  autoResolveTimeout: null,
  acknowledgementTimeout: null,
};

test("docs/operations.md as it stands: from shadow to armed, and off at 3 am", async () => {
  const { run, pagerduty } = await servedPatient(await someVersion(anHourAgo()), defaultSettings);
  pagerduty.setService(service);
  const ok = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await run(...args);
    expect([args.join(" "), code, stderr.startsWith("mrdata:") ? stderr : ""]).toEqual([
      args.join(" "),
      0,
      "",
    ]);
    return stdout;
  };
  const open = (key: string) => {
    const { incident } = pagerduty.trigger({
      serviceId: SERVICE,
      dedupKey: key,
      title: "Disk 91% full on db-3",
      severity: "error",
    });
    if (incident === null) throw new Error("no incident was opened");
    return incident;
  };
  const decidedOf = async (incident: string) => {
    for (const until = Date.now() + 30_000; Date.now() < until; ) {
      const stdout = await ok("explain", incident, "--json");
      if (!stdout.includes('"decision":null')) return stdout;
      // Commands run in this process: PagerDuty, which lives here too, needs its turn.
      await setTimeout(100);
    }
    throw new Error(`nothing was decided on ${incident} within half a minute`);
  };

  // Step 0 and 1: nothing is armed, and the bot decides and writes down.
  expect(await ok("doctor")).not.toMatch(/FAILED|unknown/);
  const first = open("first");
  await decidedOf(first);
  expect(await ok("decisions", "--service", SERVICE, "--since", "14d")).toContain("shadow");
  expect(await ok("explain", first)).toContain("decided by");
  expect(await ok("settings", "neverHold.titles", '["payment*fail"]')).toContain("payment*fail");

  // Step 2: annotate.
  expect(await ok("mode", SERVICE, "annotate", "--why", "two quiet weeks in shadow")).toContain(
    "PDATABASE is in annotate now (before: shadow)",
  );
  const second = open("second");
  expect(await decidedOf(second)).toContain('"mode":"annotate"');

  // Step 3: armed.
  expect(await ok("doctor", "--service", SERVICE, "--policy", ARMED_POLICY)).toMatch(/suspension/);
  const armed = await ok("arm", SERVICE, "--policy", ARMED_POLICY, "--why", "tried", "--confirm", "Database");
  expect(armed).toMatch(/In the last 30 days it had 2 incidents/);
  expect(armed).toContain("Database is armed");
  pagerduty.setService({ ...service, policyId: ARMED_POLICY });
  expect(await ok("drill", SERVICE, "--confirm", "Database")).toMatch(
    new RegExp(`^${ROBIN} was paged after \\d+ s .*; the bot had it first, and passed it on\\.`),
  );
  expect(await ok("status")).toMatch(/PDATABASE +armed under PARMED/);
  expect(await ok("decisions", "--since", "7d")).toContain("Mr Data drill");

  // At 3 am.
  expect(await ok("disarm", "--all", "--why", "cannot trust it tonight")).toContain(
    ": PDATABASE. What is held",
  );
  const off = await run("status");
  expect([off.code, off.stderr]).toEqual([4, expect.stringContaining("cannot trust it tonight")]);
  const night = open("night");
  await expect
    .poll(() => pagerduty.incident(night).assignees.includes(BOT.id), { interval: 500 })
    .toBe(false);

  // Back.
  expect(await ok("mode", SERVICE, "annotate", "--why", "talked about it")).toContain("(before: shadow)");
  expect((await run("models", "rollback")).code).toBe(1);
});
