import { PagerDutyError } from "@mrdata/pagerduty";
import { expect, test } from "vitest";
import { attempts, byId, readOr } from "./attempt.ts";

const refusal = (status: number) => () =>
  Promise.reject(new PagerDutyError("GET /services", status, null, []));

test("what is read, what is not there and what cannot be read are three things", async () => {
  const attempt = attempts();
  const [read, missing, unreadable] = [
    await attempt.of(async () => 7),
    await attempt.of(refusal(404)),
    await attempt.of(refusal(503)),
  ];
  expect([read.kind, missing.kind, unreadable.kind]).toEqual(["read", "missing", "unreadable"]);
  expect([read, missing, unreadable].map((one) => readOr(one, null))).toEqual([7, null, null]);
  expect(attempt.refused).toEqual([]);
  expect(attempt.keyIsUnknown).toBe(false);
});

test("a call that the key may not make is told, and a key that PagerDuty does not know", async () => {
  const attempt = attempts();
  await attempt.of(refusal(403));
  expect(attempt.refused).toEqual(["PagerDuty answered GET /services with 403"]);
  expect(attempt.keyIsUnknown).toBe(false);
  await attempt.of(refusal(401));
  expect(attempt.keyIsUnknown).toBe(true);
});

test("each is read once, eight at a time at the most, in the order in which they were named", async () => {
  let [underWay, most] = [0, 0];
  const asked: string[] = [];
  const ids = Array.from({ length: 30 }, (_, i) => `P${i}`);
  const found = await byId([...ids, ...ids], async (id) => {
    asked.push(id);
    most = Math.max(most, ++underWay);
    await new Promise((turned) => setImmediate(turned));
    underWay--;
    return id.length;
  });
  expect(asked).toEqual(ids);
  expect([...found.keys()]).toEqual(ids);
  expect(most).toBe(8);
});
