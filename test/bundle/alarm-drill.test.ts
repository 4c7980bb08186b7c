import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createLedger } from "@mrdata/platform";
import { openGoogleStore } from "@mrdata/platform/google";
import { expect, inject, onTestFinished, test } from "vitest";
import { bundledFunctions } from "../support/bundled.ts";
import { startFunction } from "../support/function-process.ts";
import { jsonLines, mrdata } from "../support/mrdata.ts";

const emulators = inject("emulators");
const DRILL = ["drill", "--alarms", "--json"];

/** What the plan counts for the alarm, and pages people by. */
function filterOfThePlan(): string {
  const golden: { readonly resources: readonly { name: string; inputs: { filter?: string } }[] } = JSON.parse(
    readFileSync(join(import.meta.dirname, "../golden/least.json"), "utf8"),
  );
  return golden.resources.find(({ name }) => name === "watch-metric-alarm-drill")?.inputs.filter ?? "";
}

test("`mrdata drill --alarms` has the deployed sweep log what Cloud Monitoring tells people of, and says whom", async (context) => {
  if (!emulators.available) {
    context.skip(`${emulators.reason}; to have it run: ${emulators.command}`);
    return;
  }
  const { pubsubHost, firestoreHost } = emulators;
  const project = `test-${randomUUID().slice(0, 18)}`;
  const google = {
    MRDATA_TARGET: `gcp:${project}/(default)`,
    PUBSUB_EMULATOR_HOST: pubsubHost,
    FIRESTORE_EMULATOR_HOST: firestoreHost,
    METADATA_SERVER_DETECTION: "none",
  };
  const ledger = createLedger(openGoogleStore({ project, database: "(default)", host: firestoreHost }));
  onTestFinished(() => ledger.close());
  // An emulator that was only just started takes longer for its first answer than a command waits.
  expect(await ledger.lastSeen("alarm-drill-asked")).toBeNull();
  // Nobody has deployed there yet, so nobody would be told: it asks for nothing.
  const early = await mrdata(DRILL, { env: google });
  expect([early.code, early.stderr]).toEqual([
    4,
    expect.stringContaining("no alarm notifies anybody: no notification channel is declared"),
  ]);

  const archive = (await bundledFunctions()).get("sweep") ?? "";
  const sweep = await startFunction(archive, "sweep", {
    ...google,
    MRDATA_ALARM_CHANNELS: "e-mail, PagerDuty",
  });
  onTestFinished(() => sweep.stop());
  // Cloud Scheduler's part.
  const run = () => fetch(sweep.url, { method: "POST", body: "{}" }).then((response) => response.text());
  await run();
  expect(sweep.output()).not.toContain("alarm.drilled");

  const drilled = mrdata(DRILL, { env: google });
  await expect.poll(() => ledger.lastSeen("alarm-drill-asked")).not.toBeNull();
  await run();
  const { code, stdout, stderr } = await drilled;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(jsonLines(stdout)).toEqual([
    { channels: ["e-mail", "PagerDuty"], sentAt: expect.stringMatching(/^\d{4}-.*Z$/) },
  ]);

  await expect.poll(() => sweep.output()).toContain("alarm.drilled");
  const logged =
    sweep
      .output()
      .split("\n")
      .find((line) => line.includes("alarm.drilled")) ?? "";
  expect(JSON.parse(logged)).toMatchObject({ severity: "WARNING", event: "alarm.drilled" });
  expect(filterOfThePlan()).toContain('jsonPayload.event="alarm.drilled"');
}, 300_000);
