import { expect, test } from "vitest";
import type { Settings } from "../settings/settings.ts";
import { namesOf } from "./names.ts";
import { nextStepsOf } from "./next-steps.ts";
import { someSettings } from "./plan.fixture.ts";

const steps = (settings: Settings, version: string | null = null): readonly string[] =>
  nextStepsOf(settings, namesOf(settings), version);
const set = /pulumi config set (?:--secret )?(\w+)/;

test("the steps are walked from the first to the last: what was done is not said again", () => {
  let settings: Settings = someSettings;
  const done: [string, Partial<Settings>][] = [
    ["pagerDutyToken", { pagerDutyToken: "t" }],
    ["botUser", { bot: { ...someSettings.bot, user: "PBOT", email: "b@example.com" } }],
    ["alertPagerDutyKey", { alertPagerDutyKey: "k" }],
  ];
  expect(steps(settings).flatMap((text) => set.exec(text)?.[1] ?? [])).toEqual([
    "pagerDutyToken",
    // The other way, by hand.
    "webhookSecret",
    "botUser",
    "alertPagerDutyKey",
  ]);
  for (const [setting, change] of done) {
    expect(set.exec(steps(settings)[0] ?? "")?.[1]).toBe(setting);
    settings = { ...settings, ...change };
  }
  expect(steps(settings)).toEqual([
    "Ask whether all is well: mrdata doctor --target gcp:a-project/mrdata",
    "Every service is in mode shadow: look at what the bot would have done before you arm one: mrdata explain INCIDENT --target gcp:a-project/mrdata",
  ]);
});

test("no way through the steps ends with two webhook subscriptions", () => {
  const url = "https://mrdata-receive-123456789012.us-central1.run.app/";
  const byHand = { ...someSettings, webhookSecret: "s" };
  expect(steps(byHand)[0]).toContain(`After that, delete the webhook subscription to ${url}`);
  expect(steps({ ...byHand, pagerDutyToken: "t" })[0]).toBe(
    `This stack has a webhook subscription of its own, so every event comes twice: delete the webhook subscription to ${url} that was made by hand, then pulumi config rm webhookSecret, then pulumi up.`,
  );
  const withToken = steps({ ...someSettings, pagerDutyToken: "t" });
  expect(withToken.join()).not.toContain("webhook subscription");
});

test("a model version that is declared is to be promoted, with the names of the stack", () => {
  const promote = (settings: Settings, version: string | null) =>
    steps(settings, version).filter((text) => text.includes("models promote"));
  expect(promote(someSettings, null)).toEqual([]);
  expect(promote({ ...someSettings, suffix: "-two" }, "v3")[0]).toMatch(
    /: MRDATA_SUFFIX=-two mrdata models promote v3 --target gcp:a-project\/mrdata-two$/,
  );
});

test("where allUsers is forbidden, the first step is what to do instead", () => {
  expect(steps({ ...someSettings, publicWebhook: false })[0]).toContain(
    "gcloud run services update mrdata-receive --region us-central1 --project a-project --no-invoker-iam-check",
  );
});
