import type { Manifest } from "@mrdata/functions/manifests";
import { expect, test } from "vitest";
import { environmentOf } from "./environment.ts";
import { namesOf } from "./names.ts";
import { someSettings } from "./plan.fixture.ts";

const size = { memory: "256Mi", cpu: 1, concurrency: 1, maxInstances: 1, timeoutSeconds: 60 } as const;
const environment = (manifest: Pick<Manifest, "trigger" | "needs">, settings = someSettings) =>
  environmentOf({ ...manifest, name: "f", size, whileItFails: "" }, settings, namesOf(settings));

test("a function's environment says where the data is, and nothing that its needs do not make it read", () => {
  expect(environment({ trigger: { kind: "webhook" }, needs: [{ publish: "t" }] })).toEqual({
    MRDATA_TARGET: "gcp:a-project/mrdata",
  });
});

test("what is not set is left out, and what is, is there for those who page", () => {
  const bot = {
    user: "PBOT",
    email: "b@example.com",
    automations: ["PA", "PB"],
    fallbackPolicy: "PF",
    policies: [],
  };
  const settings = { ...someSettings, suffix: "-two", bot, pagerDutyBaseUrl: "https://api.eu.pagerduty.com" };
  const needs = [
    { ledger: { decisions: "write" } },
    { model: "read" },
    { secret: "pagerduty-token" },
  ] as const;
  expect(environment({ trigger: { kind: "schedule", cron: "* * * * *" }, needs }, settings)).toEqual({
    MRDATA_TARGET: "gcp:a-project/mrdata-two",
    MRDATA_SUFFIX: "-two",
    MRDATA_WINDOW: "300s",
    MRDATA_RETENTION: "34560000s",
    MRDATA_BOT_USER: "PBOT",
    MRDATA_AUTOMATION_USERS: "PA,PB",
    MRDATA_MODEL_BUCKET: "a-project-mrdata-models-two",
    MRDATA_MODEL_MAX_AGE: "7776000s",
    MRDATA_FROM: "b@example.com",
    MRDATA_FALLBACK_POLICY: "PF",
    MRDATA_PAGERDUTY_URL: "https://api.eu.pagerduty.com",
    MRDATA_RETRAIN: "schedule",
    MRDATA_ALARM_CHANNELS: "none",
    MRDATA_WEBHOOK_URL: "https://mrdata-f-two-123456789012.us-central1.run.app".replace("-f-", "-receive-"),
  });
  expect(Object.keys(environment({ trigger: { kind: "webhook" }, needs }))).not.toContain("MRDATA_FROM");
});

test.each(["schedule", "off"] as const)(
  "whoever starts trainings by schedule knows whether any begins: %s",
  (retrain) => {
    const needs = [{ publish: "pd-learn" }] as const;
    const schedule = { kind: "schedule", cron: "0 3 * * *" } as const;
    expect(environment({ trigger: schedule, needs }, { ...someSettings, retrain }).MRDATA_RETRAIN).toBe(
      retrain,
    );
    const pushed = { kind: "push", subscription: "pd-learn-work", topic: "pd-learn" } as const;
    expect(environment({ trigger: pushed, needs }, { ...someSettings, retrain })).not.toHaveProperty(
      "MRDATA_RETRAIN",
    );
  },
);

test("the history bucket is named to whoever reads it, and only where it is imported from", () => {
  const reads = { trigger: { kind: "webhook" }, needs: [{ history: "read" }] } as const;
  expect(environment(reads)).toEqual({ MRDATA_TARGET: "gcp:a-project/mrdata" });
  expect(environment(reads, { ...someSettings, historyImport: "on" })).toEqual({
    MRDATA_TARGET: "gcp:a-project/mrdata",
    MRDATA_HISTORY_IMPORT: "on",
    MRDATA_HISTORY_BUCKET: "a-project-mrdata-history",
  });
});
