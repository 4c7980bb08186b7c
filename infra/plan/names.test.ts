import { manifests } from "@mrdata/functions/manifests";
import { expect, test } from "vitest";
import { namesOf } from "./names.ts";
import { someSettings } from "./plan.fixture.ts";

/** Every name of a stack. */
const all = (suffix: string): readonly string[] => {
  const names = namesOf({ ...someSettings, suffix });
  return [
    ...manifests.flatMap(({ name }) => [names.service(name), names.url(name), names.account(name)]),
    names.pusher,
    names.scheduler,
    names.builder,
    names.topic("pd-notify"),
    names.subscription("pd-notify-model"),
    names.deadLetters,
    ...(["functions", "models", "history"] as const).map(names.bucket),
    names.database,
    names.secret("pagerduty-token"),
    names.repository,
    names.model,
    names.metric("predictions"),
  ];
};

test("the names of the talk stay", () => {
  const names = namesOf(someSettings);
  expect(names.topic("pd-notify")).toBe("pd-notify");
  expect(names.subscription("pd-notify-model")).toBe("pd-notify-model");
  expect(names.account("respond")).toBe("mrdata");
  expect(names.model).toBe("mrdata");
  expect(names.url("receive")).toBe("https://mrdata-receive-123456789012.us-central1.run.app");
});

test("two stacks in one project share no name", () => {
  expect(new Set(all("")).intersection(new Set(all("-two")))).toEqual(new Set());
});

test("with the longest project and suffix all names are still short enough", () => {
  const names = namesOf({ ...someSettings, project: "p".repeat(30), suffix: "-12345678" });
  for (const what of ["functions", "models", "history"] as const)
    expect(names.bucket(what).length).toBeLessThanOrEqual(63);
  for (const { name } of manifests) {
    expect(names.account(name).length).toBeLessThanOrEqual(30);
    expect(new URL(names.url(name)).hostname.split(".")[0]?.length).toBeLessThanOrEqual(63);
  }
  for (const account of [names.pusher, names.scheduler, names.builder])
    expect(account.length).toBeLessThanOrEqual(30);
});
