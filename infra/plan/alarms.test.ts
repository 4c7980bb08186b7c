import { manifests } from "@mrdata/functions/manifests";
import { expect, test } from "vitest";
import { alarmsOf } from "./alarms.ts";
import { namesOf } from "./names.ts";
import { someSettings } from "./plan.fixture.ts";

const alarms = alarmsOf(manifests, namesOf(someSettings));
const alarm = (slug: string) => alarms.find((one) => one.slug === slug);

test("one webhook with a wrong signature is an alarm: after three PagerDuty is silent for a day", () => {
  expect(alarm("webhooks-refused")).toMatchObject({
    severity: "ERROR",
    kind: "above",
    threshold: 0,
    lasting: "0s",
    filter:
      'metric.type="logging.googleapis.com/user/mrdata/webhooks-refused" AND resource.type="cloud_run_revision" AND metric.labels.reason="signature"',
  });
});

test("each function's failing says what it means for pages, and no two mean the same", () => {
  const waking = manifests.filter(({ wakesPeople = true }) => wakesPeople);
  const texts = waking.map(({ name }) => alarm(`${name}-5xx`)?.text.replaceAll(name, "") ?? "");
  expect(new Set(texts).size).toBe(waking.length);
  expect(waking.length).toBeGreaterThan(3);
  expect(alarm("record-5xx")?.text).toContain("no page is delayed");
  expect(alarm("sweep-5xx")?.text).toContain("when the hold window ends");
});

test("nobody is woken by what can wait: a training that fails is reported once its job has failed", () => {
  expect(alarms.filter(({ slug }) => /^(learn|retrain|pd-learn)/.test(slug))).toEqual([]);
  expect(alarm("training-failed")).toMatchObject({ severity: "WARNING", kind: "above", threshold: 0 });
  expect(alarm("champion-overdue")?.text).toContain("mrdata jobs");
});

test("a failed check says that arming again is for a person", () => {
  expect(alarm("checks-failed")?.text).toMatch(/stays disarmed until you arm it again/);
});
