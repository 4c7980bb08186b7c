import { PagerDutyError } from "@mrdata/pagerduty";
import { expect, test } from "vitest";
import { attempts, byId, readOr } from "./attempt.ts";

const refusal = (status: number) => () =>
  Promise.reject(new PagerDutyError("GET /services", status, null, []));

test("read, missing and unreadable are distinguished", async () => {
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

test("refused calls and an unknown key are reported", async () => {
  const attempt = attempts();
  await attempt.of(refusal(403));
  expect(attempt.refused).toEqual(["PagerDuty answered GET /services with 403"]);
  expect(attempt.keyIsUnknown).toBe(false);
  await attempt.of(refusal(401));
  expect(attempt.keyIsUnknown).toBe(true);
});

test("each id is read once, at most eight concurrently, in the given order", async () => {
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
