import { expect, test } from "vitest";
import { summaryOf } from "../../scripts/plan-summary/summary.ts";

const urn = (type: string, name: string) => `urn:pulumi:dev::mrdata::mrdata:infra:Watch$${type}::${name}`;
const secret = (ciphertext: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext,
});
const changed = (inputs: object, more: object = {}) => ({
  op: "update",
  urn: urn("gcp:pubsub/topic:Topic", "pd-notify-topic"),
  diffReasons: ["labels"],
  newState: { inputs },
  ...more,
});
const planOf = (...steps: readonly object[]) => JSON.stringify({ steps });
const same = { op: "same", urn: urn("gcp:pubsub/topic:Topic", "other") };

test("says what would be done, and which inputs differ, and none of their values", () => {
  const { table } = summaryOf(planOf(same, changed({ labels: { team: "a-value" }, key: secret("c1") })));
  expect(table).toBe(
    "### 1 changes\n\n| op | name | type | what differs |\n| --- | --- | --- | --- |\n| update | pd-notify-topic | gcp:pubsub/topic:Topic | labels |\n\n",
  );
  expect(summaryOf(planOf(same)).table).toContain("Nothing would change");
});

test("a plan that does the same has the same digest, in whatever order, with whatever ciphertext", () => {
  const other = { op: "delete", urn: urn("gcp:storage/bucketObject:BucketObject", "old") };
  const one = summaryOf(planOf(changed({ a: 1, key: secret("c1") }), other)).digest;
  expect(summaryOf(planOf(other, same, changed({ key: secret("c2"), a: 1 }))).digest).toBe(one);
});

test.each([
  ["another value", planOf(changed({ a: 2 }))],
  ["another operation", planOf(changed({ a: 1 }, { op: "replace" }))],
  ["another resource", planOf(changed({ a: 1 }, { urn: urn("gcp:pubsub/topic:Topic", "x") }))],
  ["another input", planOf(changed({ a: 1 }, { diffReasons: ["name"] }))],
  ["one more", planOf(changed({ a: 1 }), { op: "delete", urn: urn("t", "x") })],
  ["nothing", planOf(same)],
])("%s has another digest", (_, plan) => {
  expect(summaryOf(plan).digest).not.toBe(summaryOf(planOf(changed({ a: 1 }))).digest);
});

test("what is no plan is refused", () => {
  for (const text of ["", "{}", "[]"]) expect(() => summaryOf(text)).toThrow();
});
