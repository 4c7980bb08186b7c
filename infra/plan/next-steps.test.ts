import { expect, test } from "vitest";
import type { Settings } from "../settings/settings.ts";
import { namesOf } from "./names.ts";
import { nextStepsOf } from "./next-steps.ts";
import { someSettings } from "./plan.fixture.ts";

const steps = (settings: Settings): readonly string[] => nextStepsOf(settings, namesOf(settings));

test("the steps are walked from the first to the last: what was done is not said again", () => {
  let settings: Settings = someSettings;
  const done: [RegExp, Partial<Settings>][] = [
    [/add a webhook subscription to https:\/\/mrdata-receive-\d+\.us-central1\.run\.app\/ /, {}],
    [/config set --secret webhookSecret/, { webhookSecret: "s" }],
    [/config set --secret pagerDutyToken/, { pagerDutyToken: "t" }],
    [/config set botUser/, { bot: { ...someSettings.bot, user: "PBOT", email: "b@example.com" } }],
    [/config set --secret alertPagerDutyKey/, { alertPagerDutyKey: "k" }],
  ];
  const first = steps(settings);
  expect(done.map(([step]) => first.findIndex((text) => step.test(text)))).toEqual([0, 1, 2, 3, 4]);
  for (const [step, change] of done.slice(1)) {
    expect(steps(settings).some((text) => step.test(text))).toBe(true);
    settings = { ...settings, ...change };
    expect(steps(settings).some((text) => step.test(text))).toBe(false);
  }
  expect(steps(settings)).toEqual([
    "Ask whether all is well: npx mrdata doctor --target gcp:a-project/mrdata",
    "Every service is in mode shadow: look at what the bot would have done before you arm one: npx mrdata explain INCIDENT --target gcp:a-project/mrdata",
  ]);
});

test("where allUsers is forbidden, the first step is what to do instead", () => {
  expect(steps({ ...someSettings, publicWebhook: false })[0]).toContain(
    "gcloud run services update mrdata-receive --region us-central1 --project a-project --no-invoker-iam-check",
  );
});
